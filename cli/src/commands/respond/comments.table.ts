// What is said on a postmortem, and the versions it had.
import type { Command } from '../../line/command.ts'

const oneIncident = [{ name: 'INCIDENT', required: true }] as const
const oneVersion = [...oneIncident, { name: 'VERSION', required: true }] as const

export const commentCommands: readonly Command[] = [
  {
    words: ['postmortem', 'comments'],
    group: 'respond',
    summary: 'What was said on a postmortem, each comment with its number',
    examples: [
      { line: 'mainstay postmortem comments 7', meaning: 'on the postmortem of incident 7' },
      { line: 'mainstay postmortem comments 7 --open', meaning: 'only what is not answered' },
    ],
    arguments: oneIncident,
    options: [{ name: 'open', summary: 'Only what is not answered.' }],
    server: true,
    data: true,
    load: async () => (await import('./postmortem-comments.ts')).listComments,
  },
  {
    words: ['postmortem', 'comment'],
    group: 'respond',
    summary: 'Say something on a postmortem that its authors are to answer',
    examples: [
      { line: 'mainstay postmortem comment 7 "When was it seen?"', meaning: 'on all of it' },
      { line: 'mainstay postmortem comment 7 --section lessons "Who does this?"', meaning: 'on one section' },
    ],
    arguments: [...oneIncident, { name: 'TEXT', required: false, repeat: true }],
    options: [{ name: 'section', value: 'SECTION', summary: 'On this section.' }],
    server: true,
    load: async () => (await import('./postmortem-comments.ts')).comment,
  },
  {
    words: ['postmortem', 'answer'],
    group: 'respond',
    summary: 'Say that a comment is answered, or open it again',
    examples: [
      { line: 'mainstay postmortem answer 7 2', meaning: 'comment 2 is answered' },
      { line: 'mainstay postmortem answer 7 2 --again', meaning: 'it is open again' },
    ],
    arguments: [...oneIncident, { name: 'COMMENT', required: true }],
    options: [{ name: 'again', summary: 'It is open again.' }],
    server: true,
    load: async () => (await import('./postmortem-comments.ts')).answerComment,
  },
  {
    words: ['postmortem', 'versions'],
    group: 'respond',
    summary: 'Earlier versions of a postmortem, newest first',
    examples: [{ line: 'mainstay postmortem versions 7', meaning: 'one for each sitting and each step' }],
    arguments: oneIncident,
    server: true,
    data: true,
    load: async () => (await import('./postmortem-comments.ts')).listVersions,
  },
  {
    words: ['postmortem', 'version'],
    group: 'respond',
    summary: 'The sections of a postmortem as they were',
    examples: [{ line: 'mainstay postmortem version 7 3', meaning: 'version 3' }],
    arguments: oneVersion,
    server: true,
    data: true,
    load: async () => (await import('./postmortem-comments.ts')).showVersion,
  },
  {
    words: ['postmortem', 'restore'],
    group: 'respond',
    summary: 'Write the sections as they were; what they are now stays as a version',
    examples: [{ line: 'mainstay postmortem restore 7 3', meaning: 'as in version 3' }],
    arguments: oneVersion,
    server: true,
    load: async () => (await import('./postmortem-comments.ts')).restoreVersion,
  },
]
