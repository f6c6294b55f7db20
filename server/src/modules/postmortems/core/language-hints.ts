// Hints on words that close a conversation: blame, and what should have been. Hints only; nobody is kept from writing.

export type HintKind = 'blame' | 'counterfactual' | 'certainty'

export interface LanguageHint {
  readonly kind: HintKind
  readonly at: number
  readonly words: string
  readonly hint: string
}

const rules: readonly { readonly kind: HintKind; readonly words: RegExp; readonly hint: string }[] = [
  {
    kind: 'blame',
    words:
      /\b(?:careless(?:ly|ness)?|negligen(?:t|ce)|incompeten(?:t|ce)|human error|(?:his|her|their|your|operator|user) (?:fault|error|mistake)|to blame|blamed|stupid(?:ly)?|sloppy|failed to)\b/gi,
    hint: 'Say what made it look right at the time.',
  },
  {
    kind: 'counterfactual',
    words:
      /\b(?:should(?: not|n['’]t)? have|could(?: not|n['’]t)? have|would(?: not|n['’]t)? have|ought to have|if only)\b/gi,
    hint: 'Say what happened. What might have happened belongs to an action.',
  },
  {
    kind: 'certainty',
    words: /\b(?:obvious(?:ly)?|clearly|of course|simply|root cause|never again)\b/gi,
    hint: 'It is obvious only afterwards; several things came together.',
  },
]

// Of a section of 100,000 characters nobody reads more.
const mostHints = 50

/** In the order they stand. Quoted code is left alone: a log may say "failed to". */
export function languageHints(text: string): readonly LanguageHint[] {
  const prose = text.replaceAll(/```[\s\S]*?(?:```|$)|`[^`\n]*`/g, (code) => ' '.repeat(code.length))
  return rules
    .flatMap(({ kind, words, hint }) =>
      [...prose.matchAll(words)].map((match) => ({ kind, at: match.index, words: match[0], hint })),
    )
    .sort((a, b) => a.at - b.at)
    .slice(0, mostHints)
}
