// Package wording writes what customers read, in Chinese and English: why they
// are asked in, what it costs, how long it takes, when it could be, and how to
// make us stop. Every number in a text comes from a prognosis, the catalogue or
// a booking; nothing is said that the data do not hold.
//
// Times are shown in the zone and the date format of the reader. Texts are
// written to fit few SMS segments, and the number of segments is returned with
// each of them.
package wording
