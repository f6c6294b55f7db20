// The secret in a customer's link: 256 random bits. Kept is its digest alone, so that neither the tables nor the time a look-up
// takes say anything of it.
import { createHash, randomBytes } from 'node:crypto'

export const newSecret = (): string => randomBytes(32).toString('base64url')

export const digestOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')
