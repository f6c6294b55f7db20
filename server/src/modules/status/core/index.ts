// The pure door of status.
export * from './language.ts'
export * from './mail.ts'
export * from './page.ts'
export * from './past.ts'
export * from './post.ts'
export * from './subscriber.ts'
export * from './texts.ts'
export * from './uptime.ts'
