// Package replay makes decisions of outreach again: by the policy that was in
// force, to see that nothing else went into them, and by another, to see whom it
// would have told what and when, and at what expected cost.
//
// It is pure. A decision is made again from its record alone, at the moment of
// the record: the prognoses, the channels, the first free day and what the
// customer had been told are as they were then. What came later is not known to
// it, so that an answer, a repair or a breakdown that followed changes nothing.
//
//	record --Known, policy--> due? rests? --> policy.Decide --> withheld | joined | capped | called | told
//	                                                                                              |
//	                                           quiet hours, waits --> first text, its route, the call
//
// Decisions are made again in the order in which they were made, and each policy
// goes by its own past: an offer that it did not make does not count for its
// cap nor its cool-down, one that it made does. It has two limits. What a policy
// holds back, while it was told in fact, is not looked at again: nothing is known
// of how it would have gone on. And the first free day is the one of then.
package replay
