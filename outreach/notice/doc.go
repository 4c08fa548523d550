// Package notice writes e-mails to our own people: that a car has to be fetched, that
// a safety case waits for a person, that a customer waits too long, that a provider refuses our account, and
// each morning what came of the day before.
//
// Nothing is written down when it happens: a pass reads what stands in the store,
// and puts a row for each notice whose ID is not known. The ID follows from what it
// is about (the case and when it was escalated, the conversation and since when it
// waits, the channel and the hour, the workshop and the day) and from the address,
// so that no crash loses one, and neither a restart nor a second process repeats one.
// Figures whose hour no process saw are told late, when one runs again, at most
// one day back. A row is sent at least once, with one Message-ID: see package mail.
package notice
