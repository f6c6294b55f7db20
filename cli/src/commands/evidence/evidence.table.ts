// The journal and its proof.
import type { Command } from '../../line/command.ts'

export const evidenceCommands: readonly Command[] = [
  {
    words: ['journal'],
    group: 'evidence',
    summary: 'What happened, newest first',
    examples: [
      { line: 'mainstay journal --service checkout --from 2h', meaning: 'around a service' },
      { line: 'mainstay journal --type "alert.*" -o jsonl', meaning: 'one word of events, for a script' },
    ],
    options: [
      { name: 'service', value: 'SERVICE', summary: 'About the service or linked to it.' },
      { name: 'concerns', value: 'KIND:ID', summary: 'About this, or linked to it.' },
      { name: 'type', value: 'TYPE', summary: 'One type, or all of a word: "alert.*".' },
      { name: 'from', value: 'TIME', summary: 'Not before: a time, or 2h.' },
      { name: 'to', value: 'TIME', summary: 'Not after.' },
      { name: 'limit', value: 'N', summary: 'Rows at most (default 100).' },
    ],
    server: true,
    data: true,
    load: async () => (await import('./journal.ts')).journal,
  },
  {
    words: ['audit', 'export'],
    group: 'evidence',
    summary: 'The whole journal with its proof, as JSON Lines',
    examples: [{ line: 'mainstay audit export journal.jsonl', meaning: 'into a file; - is stdout' }],
    arguments: [{ name: 'FILE', required: false, completes: 'file' }],
    server: true,
    load: async () => (await import('./audit-export.ts')).exportJournal,
  },
  {
    words: ['audit', 'verify'],
    group: 'evidence',
    summary: 'Prove that a journal is what was recorded',
    about:
      'Of a file, without a server: the exporter is not believed. Give --key, received another way, or the file vouches for itself only.',
    examples: [
      { line: 'mainstay audit verify journal.jsonl --key "$(cat mainstay.vkey)"', meaning: 'offline' },
      { line: 'mainstay audit verify --server', meaning: 'the server reads its own journal again' },
      { line: 'mainstay audit verify journal.jsonl --checkpoint kept.note', meaning: 'against a note kept outside' },
    ],
    arguments: [{ name: 'FILE', required: false, completes: 'file' }],
    options: [
      { name: 'server', summary: 'Ask the server to verify its own journal.' },
      { name: 'key', value: 'KEY', repeat: true, summary: 'The journal’s verifier key, name+id+base64.' },
      {
        name: 'checkpoint',
        value: 'FILE',
        repeat: true,
        completes: 'file',
        summary: 'A signed checkpoint that was kept outside.',
      },
    ],
    server: true,
    data: true,
    load: async () => (await import('./audit-verify.ts')).verify,
  },
]
