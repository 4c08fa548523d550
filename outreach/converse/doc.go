// Package converse understands what customers answer, by text or on their page,
// and does what they ask for: book, decline, stop, start, or reach a person.
//
// A text is about what was last really sent to its number. Each car of those who
// share the number has one last message; a wish is about the only car for which
// it makes sense, or the one that the text names. Where several are left, we ask
// for the car by name; where none is, nothing is done. STOP and START are the
// number's, whoever has it. What is answered by itself is bounded by number and
// day: a machine may be at the other end.
package converse
