package decide

// Report counts what one pass did.
type Report struct {
	Vehicles   int // with something due
	Cases      int // opened
	Joined     int // needs that a standing case took in
	Offers     int // made, for new cases and for open ones that had none
	Withheld   int // drawn into the hold-out
	Suppressed int // no channel with consent
	Escalated  int // to an adviser
	Elsewhere  int // repaired elsewhere, seen by the prognosis
	CoolingOff int // left alone after an earlier answer
	Capped     int // left alone until the frequency cap allows
	NoSlot     int // open cases without a free slot
	NoCustomer int // nobody to tell
}
