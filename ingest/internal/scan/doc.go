// Package scan reads JSON from a byte slice without reflection and without
// allocating: the caller asks for the next key, string or number and decides
// what to do with it. It accepts RFC 8259 and, because vehicles send them, the
// bare words NaN and Infinity as values, which it reports as what they are.
// A Tolerant scanner finds what is still to be read in a document that is not JSON.
package scan
