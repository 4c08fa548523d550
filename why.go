package presage

// The codes of reasons, with the arguments that their sentences name.
const (
	WhyNote = "note" // text: what a person wrote

	// Why a case began.
	WhyDue        = "due"          // component, days: until the cheapest visit
	WhyWithheld   = "withheld"     // draw, share: drawn into the hold-out
	WhyNotInPilot = "not_in_pilot" // the workshop is not one of the pilot's
	WhyAlert      = "alert"        // rule, component, since, and value with unit, or code
	WhyDueAgain   = "due_again"    // safety: an earlier case ended without a repair
	WhyAfterCase  = "after_case"   // an alert again, after an earlier case

	// Why a case is repaired as it is; cost, next, next_cost: against the next best route.
	WhyRouteStands    = "route_stands"   // the car stands still
	WhyRouteDanger    = "route_danger"   // it is a matter of safety
	WhyRouteOnly      = "route_only"     // there is no other way now
	WhyRouteSoftware  = "route_software" // rollout, version; cost, next, next_cost
	WhyRouteVan       = "route_van"      // km; cost, next, next_cost
	WhyRouteAsked     = "route_asked"    // the visit was booked so
	WhyReaddressed    = "readdressed"
	WhyVanAway        = "van_away"        // booking, km
	WhyRouteCheapest  = "route_cheapest"  // cost, next, next_cost
	WhyRouteTogether  = "route_together"  // more is wrong, and one visit serves all of it
	WhyRemoteFailed   = "remote_failed"   // rollout, note: the car's words
	WhyRemoteSilent   = "remote_silent"   // rollout: the car did not answer in time
	WhyRemoteLate     = "remote_late"     // rollout: the car's turn did not come in time
	WhyRemoteInVain   = "remote_in_vain"  // rollout: installed, and the fault came again
	WhyMendedRemotely = "mended_remotely" // rollout
	WhyRolloutHalted  = "rollout_halted"  // failed, answers

	// What becomes of a rescue.
	WhyRescueReported  = "rescue_reported" // the customer, or a person for them, says that the car stands
	WhyRescueNearest   = "rescue_nearest"  // workshop, km: of those that take the car
	WhyRescueOwn       = "rescue_own"      // workshop: nobody knows where the car is, or none is near
	WhyRescueStep      = "rescue_step"     // rescue: the state; workshop
	WhyRescueLate      = "rescue_late"     // rescue: the state that lasted too long; since
	WhyRescueMended    = "rescue_mended"   // the car drives again
	WhyRescueTowed     = "rescue_towed"    // workshop
	WhyRescueCalledOff = "rescue_called_off"
	WhyRescueDrives    = "rescue_drives" // speed: the car drives by itself
	WhyServed          = "served"        // at: all of a visit was done at another one
	WhyRescueMoved     = "rescue_moved"  // km: from the partner; absent where it is not known
	WhyRescueNotTold   = "rescue_untold" // a text takes back what its reader was never told
	WhyRescueIs        = "rescue_is"     // state: a text about another one is not true any more

	// Who can be told.
	WhyNoChannel   = "no_channel"   // no channel with consent
	WhyCall        = "call"         // a person calls the customer
	WhyChannelsEnd = "channels_end" // every channel failed
	WhyStopped     = "stopped"      // source: the customer asked for no more messages
	WhyStarted     = "started"      // source: the customer asks for messages again

	// What became of an offer.
	WhyOffered       = "offered"        // slots: how many; channel: the first
	WhyNoSlot        = "no_slot"        // none was free in time
	WhyImpossible    = "impossible"     // the workshop can never do it: too long, or nobody has the skills
	WhyNoAnswer      = "no_answer"      // until the offer ran out
	WhyDeclined      = "declined"       // text: the customer's words, may be missing
	WhyNotUnderstood = "not_understood" // a reply
	WhyRecall        = "recall"         // component, days: the maker asks for it
	WhyNowDue        = "now_due"        // component: safety-critical, and not in the case
	WhyNewOwner      = "new_owner"      // the car is somebody else's
	WhyRenewed       = "renewed"        // all components measure as new
	WhyErased        = "erased"         // the customer asked to be forgotten
	WhySold          = "sold"           // the customer says so
	WhyRepaired      = "repaired"       // on, text: elsewhere, as the customer or an adviser says
	WhyAlertOver     = "alert_over"     // rule, component, since

	// What became of a visit.
	WhyWalkIn      = "walk_in"    // text: a car that stood in front
	WhyBooked      = "booked"     // start, via
	WhyMoved       = "moved"      // from, to: instants
	WhyCancelled   = "cancelled"  // text: may be missing
	WhyJoined      = "joined"     // job: what else is done at the visit
	WhyReplanned   = "replanned"  // technician or bay, cause, to: same time with another one; none for other parts
	WhyReassigned  = "reassigned" // bay, technician: by a person, at the same time
	WhyBlocked     = "blocked"    // from, to, resource, text: a person blocked a time of the visit
	WhyUnkept      = "unkept"     // technician or bay, cause: missing, and none instead; none for a part
	WhyArrived     = "arrived"
	WhyNoShow      = "no_show"
	WhyNoResult    = "no_result"   // the workshop reported nothing
	WhyFinding     = "finding"     // component, outcome
	WhyNoFinding   = "no_finding"  // the workshop reported no finding
	WhyRecorded    = "recorded"    // the workshop's result, whatever it was
	WhyCorrected   = "corrected"   // owner: by whom; text: why
	WhyUndone      = "undone"      // owner: by whom the result was taken back
	WhyDoneBefore  = "done_before" // component: it was done before the visit, elsewhere
	WhySuperseded  = "superseded"  // another case took over
	WhyWaits       = "waits"       // the customer wishes an earlier time
	WhyWaitsNoMore = "waits_no_more"
	WhyFreed       = "freed" // start, until: an earlier time was offered

	// What a person did with a case. Each has the person's words, which may be
	// missing, and what goes on has the instant, which tells two calls apart.
	WhyCalled       = "called"        // call: what came of it; text; until; at
	WhyAnswered     = "answered"      // what the customer had written; text; until; at
	WhySnoozed      = "snoozed"       // until; text; at
	WhyAllotted     = "allotted"      // owner, load: what else waits for them; lang, skills: for what; given out by itself
	WhyUnreached    = "unreached"     // calls: as many in vain as may be; beside called
	WhyAssigned     = "assigned"      // owner; text; at
	WhyClosed       = "closed"        // nothing is left to do; text
	WhyGoodwill     = "goodwill"      // percent: a share of the price is let off; text; at
	WhyOfferedAgain = "offered_again" // with new times; text

	// Why a conversation waits for a person.
	WhyNeedsPerson = "needs_person" // the customer asks for what only a person can do
	WhyStandsStill = "stands_still" // the customer writes that the car does not drive any more
	WhyFaultTold   = "fault_told"   // the customer writes of a fault that was felt or seen
	WhyAskFirst    = "ask_first"    // the customer wants to be asked before more is done to the car
	WhyMayStop     = "may_stop"     // a text may be an opt-out: what is not about safety is held
	WhyWroteAgain  = "wrote_again"  // after a person had answered it or put it off
	WhyPutOffOver  = "put_off_over" // the time is over until which it was put off
	WhyReopened    = "reopened"     // by a person; text
	WhyAnswerLate  = "answer_late"  // no person answered in time: the manager has it
	WhyAnswerLost  = "answer_lost"  // what a person wrote did not go out

	// What kept a message from going out.
	WhyNoConsent      = "no_consent"      // channel
	WhyCapped         = "capped"          // enough offers lately
	WhyFreedOver      = "freed_over"      // the freed time is no longer the customer's to take
	WhyTimesPassed    = "times_passed"    // a time that it offers has passed
	WhyAccount        = "account"         // channel: our account at the provider is at fault
	WhyCaseIs         = "case_is"         // state: not the one that it speaks of
	WhyOfferExpired   = "offer_expired"   // it ran out
	WhyOfferAnswered  = "offer_answered"  // the customer answered it
	WhyOfferOpened    = "offer_opened"    // the customer read it
	WhyBookingGone    = "booking_gone"    // there is none
	WhyBookingIs      = "booking_is"      // state: not the one that it speaks of
	WhyVisitBegun     = "visit_begun"     // the car is there
	WhyNoCustomer     = "no_customer"     // nobody is known under the ID
	WhyNoProvider     = "no_provider"     // channel: it is not configured
	WhyRefused        = "refused"         // by the provider, whose words are kept
	WhyOptedOut       = "opted_out"       // at the provider
	WhyProviderQuiet  = "provider_quiet"  // the provider sends nothing at this hour
	WhyTryAgain       = "try_again"       // the provider could not be asked or did not answer
	WhyGivenUp        = "given_up"        // after all attempts
	WhyOutcomeUnknown = "outcome_unknown" // after all attempts: it may have arrived

	// Why a photo of a job is not kept, and what became of one.
	WhyPhotoNone    = "photo_none"    // none was chosen
	WhyPhotoEmpty   = "photo_empty"   // there is nothing in it
	WhyPhotoKind    = "photo_kind"    // neither JPEG nor PNG nor WebP
	WhyPhotoLarge   = "photo_large"   // most: megabytes
	WhyPhotoPixels  = "photo_pixels"  // width, height; most: million pixels
	WhyPhotoBroken  = "photo_broken"  // it cannot be read
	WhyPhotoMany    = "photo_many"    // most: of a visit
	WhyPhotoRemoved = "photo_removed" // owner: by whom, after the time in which it could be undone

	// What is wrong with a workshop's result, or doubtful about it.
	WhyMissing          = "missing"            // the field is needed
	WhyAhead            = "ahead"              // that time has not come
	WhyBeforeVisit      = "before_visit"       // start: of the visit, or the arrival
	WhyBeforeCar        = "before_car"         // from: the vehicle's first day
	WhyOdometerLow      = "odometer_low"       // km, least: what the car sent itself
	WhyOdometerHigh     = "odometer_high"      // km, most: as far as it can have come since the last reading
	WhyNoComponent      = "no_component"       // component: not of the catalogue
	WhyNotOnCar         = "not_on_car"         // component: cars of this kind have none
	WhyTwice            = "twice"              // component: two findings
	WhyNoOutcome        = "no_outcome"         // none of those that there are
	WhyMeasuredOutside  = "measured_outside"   // measured, min, max, unit
	WhyNotFoundReplaced = "not_found_replaced" // no fault, and replaced all the same
	WhyNoCause          = "no_cause"           // of another cause: which one
	WhyCauseAlone       = "cause_alone"        // a cause without that outcome
	WhyPartForeign      = "part_foreign"       // part: of none of the jobs
	WhyPartQuantity     = "part_quantity"      // part, most
	WhyPartUnreplaced   = "part_unreplaced"    // parts were used, and nothing was replaced
	WhyNoNumber         = "no_number"          // nothing that can be read as a number or a time
	WhyTooLong          = "too_long"           // most: characters
	WhyUnplain          = "unplain"            // characters that no text has
	WhyMinutes          = "minutes"            // most
	WhyMinutesMany      = "minutes_many"       // minutes, planned
)
