// Opens a connection only to an address that was judged: resolve once, judge every answer, connect to one of them.
import { lookup } from 'node:dns/promises'
import { isIP, connect as netConnect, type Socket } from 'node:net'
import { type PeerCertificate, rootCertificates, type TLSSocket, connect as tlsConnect } from 'node:tls'
import { AppError } from '../../kernel/app-error.ts'
import { type Address, parseAddress } from './addresses.ts'
import {
  type Destination,
  type EgressPolicy,
  judgeAddress,
  type Protected,
  protectedOn,
  type Resolve,
} from './policy.ts'

/** A name with more addresses than this is not a receiver anybody set up on purpose. */
const maxAddresses = 64
/** Before the next address of the name is tried. */
const attemptMs = 3_000

export interface DialPorts {
  readonly resolve: Resolve
  readonly guard: Protected
}

/** getaddrinfo: honours /etc/hosts and search domains, which names inside Kubernetes and Compose rely on. */
export function systemResolve(): Resolve {
  // libuv has four threads for this: one slow name must not hold more than one of them.
  const underWay = new Map<string, Promise<readonly string[]>>()
  return (host) => {
    const known = underWay.get(host)
    if (known !== undefined) return known
    const asked = lookup(host, { all: true, verbatim: true })
      .then((answers) => answers.map(({ address }) => address))
      .finally(() => underWay.delete(host))
    underWay.set(host, asked)
    return asked
  }
}

/** The addresses of a destination, every one of which it may reach; otherwise refuses. */
export async function resolveChecked(
  ports: DialPorts,
  policy: EgressPolicy,
  destination: Destination,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { host, port } = destination
  const literal = parseAddress(host)
  const answers = literal === null ? await resolveName(ports.resolve, host, signal) : [literal.toString()]
  const guarded = await abortable(protectedOn(port, ports.guard, ports.resolve), signal)
  const checked = new Set<string>()
  for (const answer of answers) {
    // A zone (`fe80::1%eth0`) is only ever link-local, and nothing else can be read from it.
    const address: Address | null = parseAddress(answer)
    if (address === null)
      throw new AppError('forbidden', 'egress.address-refused', `${host} resolves to something that is not an address.`)
    const judgement = judgeAddress(policy, destination, address, guarded)
    if (!judgement.allowed) throw new AppError('forbidden', 'egress.address-refused', judgement.sentence)
    checked.add(address.toString())
  }
  return [...checked]
}

async function resolveName(resolve: Resolve, host: string, signal: AbortSignal): Promise<readonly string[]> {
  const answers = await abortable(resolve(host), signal).catch((cause: unknown) => {
    if (cause instanceof AppError) throw cause
    throw new AppError('unavailable', 'egress.name-unknown', `The name ${host} does not resolve.`, { cause })
  })
  if (answers.length === 0) throw new AppError('unavailable', 'egress.name-unknown', `The name ${host} has no address.`)
  if (answers.length > maxAddresses)
    throw new AppError(
      'forbidden',
      'egress.address-refused',
      `The name ${host} has more than ${maxAddresses} addresses.`,
    )
  return answers
}

/** A connected plain socket. `signal` fires at the deadline, with the error to report. */
export async function dial(
  ports: DialPorts,
  policy: EgressPolicy,
  destination: Destination,
  signal: AbortSignal,
): Promise<Socket> {
  const addresses = await resolveChecked(ports, policy, destination, signal)
  let last: unknown
  for (const [i, address] of addresses.entries()) {
    const patience = i === addresses.length - 1 ? null : attemptMs
    try {
      return await connectTo(address, destination.port, patience, signal)
    } catch (cause) {
      if (signal.aborted) throw signal.reason
      last = cause
    }
  }
  const { host, port } = destination
  throw new AppError('unavailable', 'egress.connect-failed', `${host} does not accept connections on port ${port}.`, {
    cause: last,
  })
}

function connectTo(address: string, port: number, patienceMs: number | null, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    // A literal: no second resolution can happen here.
    const socket = netConnect({ host: address, port, noDelay: true, keepAlive: true, autoSelectFamily: false })
    const stop = (reason: unknown): void => {
      settle()
      socket.destroy()
      reject(reason)
    }
    const onAbort = (): void => stop(signal.reason)
    const timer = patienceMs === null ? null : setTimeout(() => stop(new Error('no answer')), patienceMs)
    const settle = (): void => {
      if (timer !== null) clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
    }
    // Stays for the life of the socket: a reset between two owners must not end the process.
    socket.on('error', stop)
    socket.once('connect', () => {
      settle()
      resolve(socket)
    })
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  })
}

export interface TlsTerms {
  readonly host: string
  readonly alpn?: readonly string[]
  /** False only to look at a certificate; such a socket never leaves this folder. */
  readonly insist: boolean
}

/** TLS over a dialled socket: the name asked for is the name proven, whatever address was connected to. */
export function secure(socket: Socket, policy: EgressPolicy, terms: TlsTerms, signal: AbortSignal): Promise<TLSSocket> {
  const { authorities, certificate, key } = policy.tls ?? {}
  return new Promise((resolve, reject) => {
    const secured = tlsConnect({
      socket,
      host: terms.host,
      // Server names are names only (RFC 6066 section 3).
      ...(isIP(terms.host) === 0 ? { servername: terms.host } : {}),
      ...(terms.alpn === undefined ? {} : { ALPNProtocols: [...terms.alpn] }),
      ...(authorities === undefined ? {} : { ca: [...rootCertificates, ...authorities] }),
      ...(certificate === undefined ? {} : { cert: certificate }),
      ...(key === undefined ? {} : { key }),
      minVersion: 'TLSv1.2',
      rejectUnauthorized: terms.insist,
    })
    const stop = (reason: unknown): void => {
      signal.removeEventListener('abort', onAbort)
      secured.destroy()
      socket.destroy()
      reject(reason)
    }
    const onAbort = (): void => stop(signal.reason)
    secured.on('error', (cause) => stop(tlsFailure(terms.host, cause)))
    // A peer that hangs up in the middle of the handshake ends the stream without an error.
    secured.once('close', () => stop(tlsFailure(terms.host, new Error('the connection was closed'))))
    secured.once('secureConnect', () => {
      signal.removeEventListener('abort', onAbort)
      resolve(secured)
    })
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  })
}

function tlsFailure(host: string, cause: Error): AppError {
  return new AppError(
    'unavailable',
    'egress.tls-failed',
    `No trusted TLS connection to ${host}: ${cause.message.slice(0, 200)}.`,
    { cause },
  )
}

export interface SeenCertificate {
  readonly trusted: boolean
  /** Why not: `CERT_HAS_EXPIRED`, `DEPTH_ZERO_SELF_SIGNED_CERT`, `ERR_TLS_CERT_ALTNAME_INVALID`. */
  readonly problem: string | null
  readonly protocol: string | null
  readonly subject: string
  readonly issuer: string
  readonly altNames: string
  readonly validFrom: string
  readonly validTo: string
  readonly fingerprint256: string
}

export function readCertificate(socket: TLSSocket): SeenCertificate {
  const seen: PeerCertificate = socket.getPeerCertificate()
  const word = (value: unknown): string =>
    typeof value === 'string' ? value.slice(0, 4_096) : Array.isArray(value) ? value.join(', ').slice(0, 4_096) : ''
  const problem: unknown = socket.authorizationError
  return {
    trusted: socket.authorized,
    problem: socket.authorized ? null : problem instanceof Error ? problem.message : word(problem),
    protocol: socket.getProtocol(),
    subject: word(seen.subject?.CN),
    issuer: word(seen.issuer?.CN),
    altNames: word(seen.subjectaltname),
    validFrom: word(seen.valid_from),
    validTo: word(seen.valid_to),
    fingerprint256: word(seen.fingerprint256),
  }
}

/** Leaves a promise behind when the deadline passes; its late answer is dropped. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason)
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
