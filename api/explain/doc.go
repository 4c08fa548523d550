// Package explain says in sentences, Chinese beside English, where the figures
// of a parts plan come from, for the JSON API and the pages alike. The wording
// is internal/wording/demand.yaml.
package explain
