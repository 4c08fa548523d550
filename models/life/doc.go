// Package life holds survival laws for parts without a wear sensor: what a
// population's lives say about one part that has survived so far.
package life
