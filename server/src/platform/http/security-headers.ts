// One strict policy for every answer; the console's page adds its style nonce.
const policy = (styleNonce: string | null) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self'${styleNonce === null ? '' : ` 'nonce-${styleNonce}'`}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

const plain: Readonly<Record<string, string>> = {
  'content-security-policy': policy(null),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
  'cache-control': 'no-store',
}
const overTls = { ...plain, 'strict-transport-security': 'max-age=31536000; includeSubDomains' }

export function securityHeaders(secure: boolean): Readonly<Record<string, string>> {
  return secure ? overTls : plain
}

export function pageSecurityPolicy(styleNonce: string): string {
  return policy(styleNonce)
}
