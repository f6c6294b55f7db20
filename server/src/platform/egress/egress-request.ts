// What is asked of egress, for it and for those who wrap it.

export interface Timeouts {
  /** From the first packet to the reply's headers. */
  readonly headersMs?: number
  readonly totalMs?: number
}

export interface EgressRequest {
  readonly connector: string
  readonly method: string
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | null
  readonly timeouts?: Timeouts
  readonly maxReplyBytes?: number
  /** Asked once the connection stands and before the first byte: throw to send nothing (it was acknowledged meanwhile). */
  readonly beforeWrite?: () => void | Promise<void>
  readonly signal?: AbortSignal
  /** Gives a redirect back as any reply, for probes that judge it. It is never followed here. */
  readonly showRedirects?: true
}
