package replay

import (
	"encoding/json"
	"fmt"
	"time"

	"presage"
	"presage/outreach/policy"
)

// Known is everything that a decision rested on besides the rules.
type Known struct {
	Catalogue string `json:"catalogue"` // its version
	// Needs are the components that were due or watched and in no case's care, in
	// the order of the pass.
	Needs       []Need         `json:"needs,omitempty"`
	EarliestDay int            `json:"earliest_day"`    // the first with a free time
	Alert       *presage.Alert `json:"alert,omitempty"` // a watch rule fired; its need is the only one
	// Joined: a case that stood had room for it.
	Joined bool `json:"joined,omitempty"`
	// Ways are the channels that reach the customer, by what the case is for.
	Ways map[presage.Purpose]Way `json:"ways"`
	// Zone and Country are where the customer lives; the country is that of their number.
	Zone    string              `json:"zone,omitempty"`
	Country string              `json:"country,omitempty"`
	Told    []presage.ToldOffer `json:"told,omitempty"`
	// Opened is the case that was opened.
	Opened *Opened `json:"opened,omitempty"`
	// Rules is the policy where the configuration made it, version 0.
	Rules json.RawMessage `json:"rules,omitempty"`
}

// Opened is what a case was opened with.
type Opened struct {
	Components []presage.ComponentID `json:"components"`
	Severity   presage.Severity      `json:"severity"`
	Day        int                   `json:"day,omitempty"` // of the visit, counted from the decision
}

// Way is how a customer is reached.
type Way struct {
	Channels []presage.ChannelName `json:"channels,omitempty"`
	Callable bool                  `json:"callable,omitempty"`
	Calls    bool                  `json:"calls,omitempty"` // the route about mobility ends with a call
}

// Need is what may be repaired, and the last case that dealt with it.
type Need struct {
	policy.Need
	Last *Last `json:"last,omitempty"`
	// Pays is what the customer pays for the repair, a warranty taken off; zero in a
	// record of before it was kept.
	Pays presage.Money `json:"pays,omitzero"`
}

// pays is the price that a coupon is taken off.
func (n Need) pays() presage.Money {
	if n.Pays == (presage.Money{}) {
		return n.Price
	}
	return n.Pays
}

// Last is the last case that dealt with a component and has ended.
type Last struct {
	CaseID string            `json:"case_id"`
	State  presage.CaseState `json:"state"`
	Ended  time.Time         `json:"ended"`
}

// ToldFor is how far back the offers told are kept: as far as a cap may look.
const ToldFor = 366 * day

// Marshal is the form in which it is stored.
func (k Known) Marshal() (json.RawMessage, error) {
	raw, err := json.Marshal(k)
	if err != nil {
		return nil, fmt.Errorf("keep decision: %w", err)
	}
	return raw, nil
}

func parse(d presage.DecisionRecord) (Known, error) {
	var k Known
	if err := json.Unmarshal(d.Known, &k); err != nil {
		return k, fmt.Errorf("%w record of decision %s: %w", presage.ErrInvalid, d.ID, err)
	}
	return k, nil
}

// safety tells whether the last case of the need counts for the cool-down of safety.
func (n Need) safety() bool { return n.Severity == presage.Safety }

func unrepaired(s presage.CaseState) bool {
	return s == presage.CaseDeclined || s == presage.CaseExpired || s == presage.CaseSuppressed
}
