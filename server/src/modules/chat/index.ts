// The working door of chat.
export { type ChatPorts, chatProviders } from './chat.ports.ts'
export { openRoomFor } from './usecases/consider-room.ts'
