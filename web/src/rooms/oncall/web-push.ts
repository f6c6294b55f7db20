// Asks the browser for a push subscription with the server's key.

export type PushSupport = 'ready' | 'insecure' | 'missing' | 'denied'

export function pushSupport(): PushSupport {
  if (!window.isSecureContext) return 'insecure'
  if (!('serviceWorker' in navigator) || !('PushManager' in window)) return 'missing'
  return Notification.permission === 'denied' ? 'denied' : 'ready'
}

export function keyBytes(publicKey: string): Uint8Array<ArrayBuffer> {
  const base64 = publicKey.replaceAll('-', '+').replaceAll('_', '/')
  const text = atob(base64.padEnd(Math.ceil(base64.length / 4) * 4, '='))
  const bytes = new Uint8Array(new ArrayBuffer(text.length))
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index)
  return bytes
}

export interface Subscription {
  readonly endpoint: string
  readonly keys: { readonly p256dh: string; readonly auth: string }
}

export async function subscribe(publicKey: string): Promise<Subscription> {
  const permission = await Notification.requestPermission()
  if (permission !== 'granted')
    throw new Error('The browser was told not to show notifications. Allow them for this site and try again.')
  const registration = await navigator.serviceWorker.ready
  const existing = await registration.pushManager.getSubscription()
  // A subscription made for another key is worth nothing to this server.
  if (existing !== null) await existing.unsubscribe()
  const made = await registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: keyBytes(publicKey),
  })
  const { endpoint, keys } = made.toJSON()
  const [p256dh, auth] = [keys?.p256dh, keys?.auth]
  if (endpoint === undefined || p256dh === undefined || auth === undefined)
    throw new Error('The browser made a subscription without keys. Update the browser and try again.')
  return { endpoint, keys: { p256dh, auth } }
}
