// The pure door of learning: likeness of failures, classes, problems.
export {
  defaultLearningPolicy,
  type FailureClass,
  type LearningPolicy,
  readLearningPolicy,
} from './learning-policy.ts'
export {
  type Evidence,
  type Likeness,
  type LikenessPart,
  leastLikeness,
  likenessMeasure,
  likenessOf,
  likenessParts,
  mostProposals,
  type Prepared,
  prepare,
  proposeRepeats,
  type Traits,
  type WordWeights,
  weighWords,
} from './likeness.ts'
export { type PackTexts, packMarkdown } from './pack-markdown.ts'
export {
  daysInWords,
  decideProblemMove,
  judgeElimination,
  nextProblemStates,
  type ProblemState,
  problemStates,
} from './problem.ts'
export { hitEnd, hitStart, type Piece, piecesOf, type SearchQuery, searchQuery } from './search-words.ts'
export {
  type IncidentFact,
  type MonthTally,
  monthOf,
  monthStretch,
  type Stretch,
  type Tally,
  type Totals,
  type Trends,
  trendsOf,
} from './trends.ts'
