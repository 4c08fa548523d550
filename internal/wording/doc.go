// Package wording holds what people read, Chinese beside English: the texts of
// the pages, the messages to customers and the explanations of a prognosis.
// It has two parts:
//
//   - the Book: every fixed text by a dotted key, from the YAML files here. A
//     text may have places for arguments in the form of package fmt; those of
//     messages (messages.yaml) are templates that Book.Write fills.
//   - sentences that follow the data: Sentence, Short, Moment, Price and others.
//
// Every number in a text comes from a prognosis, the catalogue or a booking;
// nothing is said that the data do not hold. Times are shown in the zone and
// the date format of the reader. Messages are written to fit few SMS segments,
// and the number of segments is returned with each of them.
package wording
