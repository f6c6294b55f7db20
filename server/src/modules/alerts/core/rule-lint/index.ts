// The lint of alert rules, pure: texts of rules in, findings out.
export { lintRules, lintRuleTexts, unreadable } from './lint.ts'
export { readPromDuration } from './promql-tokens.ts'
export { type Finding, type Level, type LintOptions, levels, ownerLabels, type RuleText } from './rule.ts'
