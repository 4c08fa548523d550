// Package advise is what a person does with a case: whoever has a case that
// messages could not settle notes the call, answers, puts it off, gives it to
// somebody, takes the customer's no, closes it, or gives it back to outreach.
// Who did what, when and why stays in the case's events.
package advise
