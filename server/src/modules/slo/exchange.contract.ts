// Names of `slo` that leave: objectives in and out, as OpenSLO and as other tools write them.
import { type Static, Type } from 'typebox'
import { namePattern } from '../../kernel/names.ts'
import { operation } from '../../platform/http/operation.ts'
import { Name, Ratio, Words } from '../../platform/http/schemas.ts'

const Line = Type.Integer({ minimum: 1, description: 'Of the text that was given.' })
const Text = Type.String({ maxLength: 5_000_000, description: 'YAML or JSON, any number of documents.' })

const settings = {
  dataSource: Type.Optional(
    Type.String({
      pattern: namePattern,
      maxLength: 63,
      description: 'The DataSource to count from, where the format names none. The only one there is, unless said.',
    }),
  ),
  service: Type.Optional(
    Type.String({
      pattern: namePattern,
      maxLength: 63,
      description: 'The service, where the format knows none (Pyrra).',
    }),
  ),
  window: Type.Optional(
    Type.String({
      pattern: '^(\\d{1,4}[mhdw])+$',
      maxLength: 20,
      description: 'Where the format leaves it to a command line (Sloth); 30d unless said.',
    }),
  ),
}

const Remark = Type.Object({ line: Line, document: Type.String(), detail: Type.String() }, { title: 'ObjectiveRemark' })

export const ObjectiveImport = Type.Object(
  {
    formats: Type.Array(Type.String()),
    documents: Type.String({ description: 'OpenSLO v1, to be applied.' }),
    objectives: Type.Array(
      Type.Object(
        {
          name: Name,
          service: Type.String(),
          targets: Type.Array(Ratio),
          window: Type.String({ description: 'As OpenSLO writes it: `30d`.' }),
          line: Line,
        },
        { title: 'ImportedObjective' },
      ),
    ),
    leftOut: Type.Array(Remark, { description: 'What was not taken, and why; the first 1,000.' }),
    notes: Type.Array(Remark, { description: 'What differs from what it was; the first 1,000.' }),
  },
  { title: 'ObjectiveImport' },
)
export type ObjectiveImport = Static<typeof ObjectiveImport>

export const importObjectives = operation({
  id: 'objectives.import',
  method: 'POST',
  path: '/api/v1/import/objectives',
  summary: 'Read objectives of Sloth, Pyrra or an older OpenSLO as OpenSLO v1 to apply; saves nothing',
  body: Type.Object({ text: Text, ...settings }),
  bodyLimit: 6_000_000,
  reply: ObjectiveImport,
  errors: ['slo.nothing-to-import', 'documents.unreadable'],
})

export const LintFinding = Type.Object(
  {
    severity: Words(['error', 'warning', 'note']),
    document: Type.String(),
    line: Line,
    column: Type.Integer({ minimum: 1 }),
    pointer: Type.String({ description: 'JSON pointer into the document.' }),
    detail: Type.String({ description: 'The rule that is broken, and the way out.' }),
  },
  { title: 'LintFinding' },
)

export const lintObjectives = operation({
  id: 'objectives.lint',
  method: 'POST',
  path: '/api/v1/lint/objectives',
  summary: 'Everything that is wrong with a file of objectives, by line; looks at nothing but the file',
  body: Type.Object({ text: Text, ...settings }),
  bodyLimit: 6_000_000,
  reply: Type.Object(
    {
      formats: Type.Array(Type.String()),
      documents: Type.Integer(),
      objectives: Type.Integer(),
      others: Type.Integer({ description: 'Documents of other kinds, which were passed over.' }),
      findings: Type.Array(LintFinding, { description: 'By line; the first 1,000, and how many more there are.' }),
    },
    { title: 'ObjectiveLint' },
  ),
})

export const exportObjectives = operation({
  id: 'objectives.export',
  method: 'GET',
  path: '/api/v1/export/objectives',
  summary: 'Objectives as OpenSLO v1, with all that they refer to',
  description: 'Everything of OpenSLO that is declared, or the named SLO, or those of a service.',
  query: Type.Object({ name: Type.Optional(Name), service: Type.Optional(Name) }),
  reply: Type.Object(
    { documents: Type.String({ description: 'YAML.' }), count: Type.Integer() },
    { title: 'ObjectiveExport' },
  ),
  errors: ['slo.unknown-objective', 'slo.export-too-large'],
})
