// The pure door of chat: the grammar, names, messages, and what a room needs next.
export { type ChatSettings, readChatSettings } from './chat-settings.ts'
export {
  type ChatCommand,
  type CommandRead,
  commandLines,
  longestCommand,
  type PersonWord,
  readCommand,
} from './command.ts'
export {
  awayForMs,
  nextStep,
  type RoomState,
  type RoomStep,
  type RoomsRule,
  textOf,
  type WantedRoom,
  wantsRoom,
} from './next-step.ts'
export {
  bundleOf,
  type ChatAction,
  type ChatLine,
  type ChatMessage,
  chatActionLabels,
  chatActions,
  type IncidentFacts,
  isTold,
  type JournalFact,
  restrictedNote,
  summaryOf,
  topicOf,
} from './room-message.ts'
export { roomName } from './room-name.ts'
