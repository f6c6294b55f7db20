// Password hashing: scrypt, with its parameters in the stored text so that they can grow.
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { AppError } from '../../kernel/app-error.ts'

export interface PasswordCost {
  /** log2 of N. */
  readonly work: number
  readonly blockSize: number
  readonly parallel: number
}

// One of the settings of equal strength that the OWASP password storage cheat sheet lists; this one takes 32 MiB a hash.
export const defaultPasswordCost: PasswordCost = { work: 15, blockSize: 8, parallel: 3 }

// Two at a time leave half of libuv's four threads to files and DNS; a queue longer than this is an attack.
const atOnce = 2
const longestQueue = 50
const keyBytes = 32

export interface Passwords {
  hash(password: string): Promise<string>
  /** With `stored` null it works as long as for a real one and says no. */
  verify(password: string, stored: string | null): Promise<boolean>
  /** Made with other parameters than today's. */
  isOutdated(stored: string): boolean
}

export function createPasswords(cost: PasswordCost = defaultPasswordCost): Passwords {
  const turn = createTurns()
  const spell = (salt: Buffer, key: Buffer) =>
    `scrypt$${cost.work}$${cost.blockSize}$${cost.parallel}$${salt.toString('base64url')}$${key.toString('base64url')}`
  const nobody = spell(randomBytes(16), randomBytes(keyBytes))
  return {
    hash: (password) =>
      turn(async () => {
        const salt = randomBytes(16)
        return spell(salt, await derive(password, salt, cost))
      }),
    verify: (password, stored) =>
      turn(async () => {
        const known = parse(stored ?? nobody)
        if (known === null) return false
        const key = await derive(password, known.salt, known.cost)
        return timingSafeEqual(key, known.key) && stored !== null
      }),
    isOutdated: (stored) => {
      const known = parse(stored)?.cost
      return known?.work !== cost.work || known.blockSize !== cost.blockSize || known.parallel !== cost.parallel
    },
  }
}

function parse(stored: string): { cost: PasswordCost; salt: Buffer; key: Buffer } | null {
  const [, work, blockSize, parallel, salt, key] =
    /^scrypt\$(\d{1,2})\$(\d{1,2})\$(\d{1,2})\$([\w-]+)\$([\w-]+)$/.exec(stored) ?? []
  if (salt === undefined || key === undefined) return null
  const bytes = Buffer.from(key, 'base64url')
  if (bytes.length !== keyBytes) return null
  return {
    cost: { work: Number(work), blockSize: Number(blockSize), parallel: Number(parallel) },
    salt: Buffer.from(salt, 'base64url'),
    key: bytes,
  }
}

function derive(password: string, salt: Buffer, cost: PasswordCost): Promise<Buffer> {
  const N = 2 ** cost.work
  const options: ScryptOptions = { N, r: cost.blockSize, p: cost.parallel, maxmem: 256 * N * cost.blockSize }
  // The same text typed on two keyboards may differ in composition.
  return new Promise((resolve, reject) =>
    scrypt(password.normalize('NFKC'), salt, keyBytes, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    ),
  )
}

function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0
  const queue: (() => void)[] = []
  return async (work) => {
    if (running >= atOnce) {
      if (queue.length >= longestQueue) {
        throw new AppError('limited', 'identity.busy', 'Too many people sign in at once. Try again in a moment.', {
          retryAfterSeconds: 5,
        })
      }
      await new Promise<void>((resolve) => queue.push(resolve))
    }
    running += 1
    try {
      return await work()
    } finally {
      running -= 1
      queue.shift()?.()
    }
  }
}
