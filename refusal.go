package presage

import (
	"fmt"
	"strings"
)

// Why somebody at a desk is refused what they asked for.
const (
	WhyWhoMissing     = "who_missing"     // nobody signs
	WhyTextWrong      = "text_wrong"      // most: characters; or a sign that cannot be seen
	WhyPiecesBetween  = "pieces_between"  // line, part, least, most
	WhyPiecesLeft     = "pieces_left"     // line; left: pieces; pieces: wanted
	WhyNotNumber      = "not_number"      // line, part, given
	WhyNotDay         = "not_day"         // line, given
	WhyDayMissing     = "day_missing"     // line
	WhyDayFar         = "day_far"         // line: more than three years ahead, or long past
	WhyBeforePlaced   = "before_placed"   // line: it is received before it was placed
	WhyNoSuchLine     = "no_such_line"    // most: lines
	WhyOrderIs        = "orders_is"       // state, line
	WhyTransferIs     = "transfers_is"    // state
	WhyNothingPicked  = "nothing_picked"  // all lines have 0
	WhyNothingToOrder = "nothing_advised" // part, depot
	WhyNotPlanned     = "not_planned"     // part, depot
	WhyOverrideWhy    = "override_why"    // another quantity needs a reason
	WhyNothingChosen  = "nothing_chosen"  // no row is ticked
	WhyNoResource     = "no_resource"     // no bay or technician of the workshop
	WhyBlockTimes     = "block_times"     // the end is not after the beginning, or a time cannot be read
	WhyBlockLong      = "block_long"      // most: days
	WhyVINWrong       = "vin_wrong"       // missing, or no VIN
	WhyNothingDone    = "nothing_done"    // no component is chosen
	WhyNoRight        = "no_right"        // owner: whose roles do not allow it
	WhyQuarterHours   = "quarter_hours"   // visits begin at quarter hours
	WhyFieldWrong     = "field_wrong"     // field: of a form, which says what it takes

	WhyTimePassed    = "time_passed"
	WhyTimeTaken     = "time_taken"       // it is not free any more
	WhyNothingFree   = "nothing_free"     // for a car that stands in front, today
	WhyPartsFrom     = "parts_from"       // from: when the parts are there
	WhyPlannedUntil  = "planned_until"    // until: no visit is sold beyond
	WhyBeginBy       = "begin_by"         // until: the repair cannot wait longer
	WhyNotFreeOrAble = "not_free_or_able" // resource: a bay or technician
	WhyNoVan         = "no_van"           // none comes to the car any more
	WhyVisitGone     = "visit_gone"       // it was cancelled, or is over
	WhyVisitMoved    = "visit_moved"      // start: when it is by now
	WhyVisitDone     = "visit_done"       // its result is recorded
	WhyCarThere      = "car_there"        // another time cannot be given to it
	WhyOfferRanOut   = "offer_ran_out"
	WhyOfferClosed   = "offer_closed"
	WhyResultNone    = "result_none"    // there is nothing to correct or take back
	WhyResultThere   = "result_there"   // the car has another of that moment
	WhySaidStop      = "said_stop"      // the customer wants no messages
	WhyNobodyToTell  = "nobody_to_tell" // the customer agreed to none, or has no address there
	WhyNotByChannel  = "not_by_channel" // channel
	WhyTalkClosed    = "talk_closed"
	WhyTalkOpen      = "talk_open"
	WhyRescueState   = "rescue_state" // rescue: its state by now
	WhyRescueOver    = "rescue_over"
	WhySameCustomer  = "same_customer"
	WhyMergeUndone   = "merge_undone"
	WhyMergedAgain   = "merged_again" // customer
	WhyNameTaken     = "name_taken"   // by another account
)

// refusal is an error whose reason is data.
type refusal struct {
	error

	why Reason
}

// Unwrap returns the error with its kind.
func (r refusal) Unwrap() error { return r.error }

// Refuse gives an error, whose text is for programs, its reason for people.
func Refuse(err error, code string, pairs ...string) error {
	return refusal{err, Because(code, pairs...)}
}

// Refusals are the reasons that were given to an error and to those that it wraps or
// joins, in their order; of one error that has two the outer one. Whole tells that each
// of the joined errors has one.
func Refusals(err error) (all []Reason, whole bool) {
	switch x := err.(type) { //nolint:errorlint // each level is looked at by itself
	case refusal:
		return []Reason{x.why}, true
	case interface{ Unwrap() []error }:
		whole = true
		for _, e := range x.Unwrap() {
			more, has := Refusals(e)
			all, whole = append(all, more...), whole && has
		}
		return all, whole && len(all) > 0
	case interface{ Unwrap() error }:
		return Refusals(x.Unwrap())
	}
	return nil, false
}

// AtField is a fault of a field, whose text begins with the field's name; people are told
// what the field takes.
func AtField(field string, err error) error {
	name, _, _ := strings.Cut(field, "[")
	return Refuse(fmt.Errorf("%s: %w", field, err), WhyFieldWrong, "field", name)
}
