// The oldest Node that everything here runs on. Said in a sentence, because a stack trace of a syntax error says nothing.
const needed = [20, 19]

export function demandNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > needed[0] || (major === needed[0] && minor >= needed[1])) return
  process.stderr.write(
    `Mainstay needs Node ${needed.join('.')} or newer; this is ${version}. Install Node 24 from https://nodejs.org and start again.\n`,
  )
  process.exit(1)
}
