// PostgreSQL refuses to run as root, so root hands it to an account without rights. Nothing is added to the system.
import { readFile, stat } from 'node:fs/promises'
import { errorCode, otherOwner } from './failures.ts'

export interface Account {
  readonly uid: number
  readonly gid: number
  readonly name: string
}

// The first that exists: one made for the product, the distribution's, or the one every system has.
const candidates = ['mainstay', 'postgres', 'nobody']

/**
 * The account to drop to, or null when this process is not root and PostgreSQL simply runs as it.
 * An existing cluster decides: its owner stays its owner, even when a better account appears later.
 */
export async function chooseAccount(cluster: string): Promise<Account | null> {
  const own = process.getuid?.() ?? 0
  const owner = await ownerOf(cluster)
  if (own !== 0) {
    if (owner !== null && owner.uid !== own) throw otherOwner(cluster, owner.uid, own)
    return null
  }
  const known = parsePasswd(await readFile('/etc/passwd', 'utf8'))
  if (owner !== null && owner.uid !== 0) {
    return { ...owner, name: known.find((each) => each.uid === owner.uid)?.name ?? `user id ${owner.uid}` }
  }
  for (const name of candidates) {
    const account = known.find((each) => each.name === name && each.uid !== 0)
    if (account !== undefined) return account
  }
  return { uid: 65_534, gid: 65_534, name: 'nobody' }
}

async function ownerOf(cluster: string): Promise<{ uid: number; gid: number } | null> {
  try {
    const { uid, gid } = await stat(cluster)
    return { uid, gid }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw error
  }
}

export function parsePasswd(text: string): readonly Account[] {
  return text.split('\n').flatMap((line) => {
    const [name = '', , uid = '', gid = ''] = line.split(':')
    return name !== '' && /^-?\d+$/.test(uid) && /^-?\d+$/.test(gid)
      ? [{ name, uid: Number(uid), gid: Number(gid) }]
      : []
  })
}
