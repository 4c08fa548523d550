package presage

// The codes of reasons, with the arguments that their sentences name.
const (
	WhyNote = "note" // text: what a person wrote

	// Why a case began.
	WhyDue       = "due"        // component, days: until the cheapest visit
	WhyWithheld  = "withheld"   // draw, share: drawn into the hold-out
	WhyAlert     = "alert"      // rule, component, since, and value with unit, or code
	WhyDueAgain  = "due_again"  // safety: an earlier case ended without a repair
	WhyAfterCase = "after_case" // an alert again, after an earlier case

	// Who can be told.
	WhyNoChannel   = "no_channel"   // no channel with consent
	WhyCall        = "call"         // a person calls the customer
	WhyChannelsEnd = "channels_end" // every channel failed
	WhyStopped     = "stopped"      // source: the customer asked for no more messages

	// What became of an offer.
	WhyOffered       = "offered"        // slots: how many; channel: the first
	WhyNoSlot        = "no_slot"        // none was free in time
	WhyNoAnswer      = "no_answer"      // until the offer ran out
	WhyDeclined      = "declined"       // text: the customer's words, may be missing
	WhyNotUnderstood = "not_understood" // a reply
	WhyNowDue        = "now_due"        // component: safety-critical, and not in the case
	WhyNewOwner      = "new_owner"      // the car is somebody else's
	WhyRenewed       = "renewed"        // all components measure as new
	WhyAlertOver     = "alert_over"     // rule, component, since

	// What became of a visit.
	WhyBooked     = "booked"    // start, via
	WhyMoved      = "moved"     // from, to: instants
	WhyCancelled  = "cancelled" // text: may be missing
	WhyArrived    = "arrived"
	WhyNoShow     = "no_show"
	WhyNoResult   = "no_result"  // the workshop reported nothing
	WhyFinding    = "finding"    // component, outcome
	WhyNoFinding  = "no_finding" // the workshop reported no finding
	WhySuperseded = "superseded" // another case took over

	// Why a message does not go out, or not yet.
	WhyNoConsent      = "no_consent"      // channel
	WhyCap            = "cap"             // as many offers as the cap allows
	WhyQuietHours     = "quiet_hours"     // until; may be missing
	WhyCaseState      = "case_state"      // case_state: what the case is by now
	WhyBookingState   = "booking_state"   // booking_state: what the visit is by now
	WhyVisitGone      = "visit_gone"      // there is no such booking
	WhyVisitBegun     = "visit_begun"     // a reminder too late
	WhyOfferOver      = "offer_over"      // its time has run out
	WhyOfferAnswered  = "offer_answered"  // the customer booked or declined
	WhyOfferOpened    = "offer_opened"    // the customer has seen it on another channel
	WhyNoCustomer     = "no_customer"     // the customer's record is missing
	WhyNoProvider     = "no_provider"     // channel: nothing is configured to send over it
	WhyTryAgain       = "try_again"       // attempt: the provider did not take it this time
	WhyGivenUp        = "given_up"        // after the last attempt
	WhyOutcomeUnknown = "outcome_unknown" // the provider does not say whether it was sent
	WhyRefused        = "refused"         // by the provider, in the words of the message's Error
	WhyUndelivered    = "undelivered"     // the provider took it and could not deliver it
	WhyOptedOut       = "opted_out"       // the customer told the provider to stop
	WhyOurAccount     = "our_account"     // the provider does not accept our account or settings
)
