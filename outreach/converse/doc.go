// Package converse understands what customers answer, by text or on their page,
// and does what they ask for: book, decline, stop, start, or reach a person.
package converse
