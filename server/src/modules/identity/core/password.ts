// What makes a password good enough. Length beats rules about characters (NIST SP 800-63B).

export const shortestPassword = 12
export const longestPassword = 200

const famous = [
  'password',
  'passwort',
  'qwertz',
  'qwerty',
  'letmein',
  'welcome',
  'administrator',
  'changeme',
  'mainstay',
  'iloveyou',
  'abc123',
]

/** Null when it will do, else a sentence. `about` are texts a guesser tries first: e-mail, name. */
export function judgePassword(password: string, about: readonly string[]): string | null {
  if ([...password].length < shortestPassword) return `Take at least ${shortestPassword} characters.`
  if (password.length > longestPassword) return `Take at most ${longestPassword} characters.`
  const lower = password.toLowerCase()
  if (new Set(lower).size < 5) return 'It repeats a few characters. Take a longer phrase.'
  if (isRun(lower)) return 'It is a row of neighbouring characters. Take a phrase instead.'
  for (const word of [...famous, ...about.flatMap(parts)]) {
    if (word.length >= 4 && lower.includes(word) && lower.length - word.length < 8)
      return `It is little more than "${word}", which is tried first. Take a phrase instead.`
  }
  return null
}

const parts = (text: string): readonly string[] => {
  const lower = text.toLowerCase()
  return [lower, lower.split('@')[0] ?? lower, ...lower.split(/[^\p{L}\p{N}]+/u)]
}

/** 123456789012, abcdefghijkl and their reverse. */
function isRun(text: string): boolean {
  let neighbours = 0
  for (let i = 1; i < text.length; i += 1) {
    const step = Math.abs(text.charCodeAt(i) - text.charCodeAt(i - 1))
    if (step === 1 || step === 9) neighbours += 1
  }
  return neighbours >= text.length - 2
}
