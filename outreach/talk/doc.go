// Package talk is where persons answer customers. A conversation is all that one
// customer and we said to each other, over all channels; it waits when a text needs
// a person, and no longer once a person has answered or closed it.
//
//	text that needs a person --> open --Say, close--> closed
//	                              ^ |                   |
//	      Until, a text --snoozed-+ +--> snoozed        |
//	                              ^---- writes again, answer not delivered
//
// What a person writes is a message like any other: planned in the durable queue and
// held back at its sending by consent, STOP and quiet hours.
package talk
