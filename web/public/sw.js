// Web push and the offline page. Keeps no data and no answers: what is shown must never be old without saying so.
const shell = 'mainstay-offline-1'
const files = ['/offline.html', '/offline.css', '/icon.svg']

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(shell)
      .then((cache) => cache.addAll(files))
      .then(() => self.skipWaiting()),
  )
})

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== shell).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  )
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const path = new URL(request.url).pathname
  if (request.mode === 'navigate') {
    event.respondWith(fetch(request).catch(() => caches.match('/offline.html')))
  } else if (files.includes(path)) {
    event.respondWith(fetch(request).catch(() => caches.match(path)))
  }
})

self.addEventListener('push', (event) => {
  const page = readPage(event.data)
  event.waitUntil(
    self.registration.showNotification(page.title, {
      body: page.body,
      tag: page.tag,
      // A page that repeats must make itself heard again.
      renotify: page.tag !== undefined,
      requireInteraction: true,
      icon: '/icon-192.png',
      badge: '/badge-96.png',
      vibrate: [300, 120, 300, 120, 600],
      data: page,
      actions: [
        ...(page.ackUrl === null ? [] : [{ action: 'acknowledge', title: 'Acknowledge' }]),
        { action: 'open', title: 'Open' },
      ],
    }),
  )
})

function readPage(data) {
  let sent = {}
  try {
    sent = data?.json() ?? {}
  } catch {
    sent = { body: data?.text() }
  }
  const text = (value, otherwise) => (typeof value === 'string' && value !== '' ? value : otherwise)
  return {
    title: text(sent.title, 'You are paged'),
    body: text(sent.body, 'Open Mainstay to see why.'),
    url: ownUrl(sent.open ?? sent.url) ?? '/',
    ackUrl: ownUrl(sent.acknowledge ?? sent.ackUrl),
    seenUrl: ownUrl(sent.seen),
    // A second copy of one delivery replaces the first.
    tag: text(sent.key ?? sent.tag, undefined),
  }
}

// A push names addresses of this console only.
function ownUrl(value) {
  if (typeof value !== 'string') return null
  try {
    const url = new URL(value, self.location.origin)
    return url.origin === self.location.origin ? url.href : null
  } catch {
    return null
  }
}

// Unseen for a minute, a page goes to the next contact: whoever touched it has seen it. Nothing waits for the answer.
function tellSeen(page) {
  if (page.seenUrl == null) return Promise.resolve()
  return fetch(page.seenUrl, { method: 'POST', credentials: 'omit', keepalive: true }).catch(() => undefined)
}

self.addEventListener('notificationclose', (event) => {
  event.waitUntil(tellSeen(event.notification.data ?? {}))
})

self.addEventListener('notificationclick', (event) => {
  const page = event.notification.data ?? { url: '/', ackUrl: null }
  event.waitUntil(tellSeen(page))
  if (event.action === 'acknowledge' && page.ackUrl !== null) {
    event.waitUntil(acknowledge(event.notification, page))
    return
  }
  event.notification.close()
  event.waitUntil(openPage(page.url))
})

async function acknowledge(notification, page) {
  const show = (title, body, actions) =>
    self.registration.showNotification(title, {
      body,
      tag: page.tag ?? notification.tag,
      icon: '/icon-192.png',
      badge: '/badge-96.png',
      data: page,
      actions,
    })
  try {
    // The link is signed; no session is needed and none is sent.
    const response = await fetch(page.ackUrl, {
      method: 'POST',
      credentials: 'omit',
      headers: { accept: 'application/json' },
    })
    if (!response.ok) throw new Error(String(response.status))
    notification.close()
    await show('Acknowledged', page.title, [{ action: 'open', title: 'Open' }])
  } catch {
    // Said aloud: an acknowledgement that did not arrive would let the next person be woken, or nobody.
    await show('Not acknowledged', `The server did not take it. ${page.title}`, [
      { action: 'acknowledge', title: 'Try again' },
      { action: 'open', title: 'Open' },
    ])
  }
}

async function openPage(url) {
  const open = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const first = open[0]
  if (first === undefined) {
    await self.clients.openWindow(url)
    return
  }
  await first.focus()
  await first.navigate(url)
}
