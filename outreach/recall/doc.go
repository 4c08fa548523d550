// Package recall holds what makers ask cars in for: the recalls that the
// catalogue knows them by, and the lists that they come in.
//
// In a case a recall stands as a component, "recall:" and its number, with a job of
// the catalogue: so its visit, its parts, its texts and its result are those of any
// other repair. What it costs is nobody's question: it is free.
package recall
