// The pure door of status.
export * from './page.ts'
export * from './post.ts'
export * from './uptime.ts'
