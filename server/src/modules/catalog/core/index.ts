export { type FieldChange, type Fields, fieldsOf, type Merge, mergeFields, type Owners, objectOf } from './fields.ts'
export { blastRadius, type Dependency, dependantsOf, findLoop, type Reached, radiusIn } from './graph.ts'
export { personNameFor } from './person-name.ts'
export { type TierDefaults, tierDefaults } from './tiers.ts'
