package reply

// AnyWish is the entry of Limits for a reply of which nothing is known but that it
// is about the visit.
const AnyWish Kind = "any_wish"

// askable are the wishes that a question back serves: it costs another text, and
// nothing has been done by then that was not wanted.
func askable() []Kind {
	return []Kind{Slot, Yes, No, Help, Cancel, Reschedule, Later, Done, Sold, Gibberish}
}

// asksBack tells that what is in doubt is only which of those wishes it is. Anger,
// and what a machine may have sent, is not answered by a question; who is late
// waits for none, and who wants a call gets one.
func (j judgement) asksBack(chance float64) bool {
	asksUs := j.best == Done && j.said.endsAsking()
	return chance >= j.limits[AnyWish] && !asksUs && !j.doubt && !j.late() && !j.wantsCall() &&
		j.of(Stop) < stopDoubt/2 && !j.said.protests() &&
		j.sum(Complaint, Danger, Automatic, Reaction) < stopDoubt
}
