// Package measure tells how well replies are understood: precision and recall
// of each meaning, what was missed, what was done wrongly, and how many replies
// needed no person.
package measure
