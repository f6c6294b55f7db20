// What an override form begins with.
export type OverrideKind = 'replace' | 'add' | 'remove'

export interface OverrideDraft {
  /** Another key begins anew. */
  readonly key: string
  readonly kind?: OverrideKind
  readonly covers?: string
  readonly start?: string
  readonly end?: string
}
