package presage

import (
	"fmt"
	"strings"
	"time"
)

// CouponState is what can still be done with a coupon.
type CouponState string

// The states of a coupon.
const (
	CouponOpen     CouponState = "open"
	CouponRedeemed CouponState = "redeemed"
	CouponExpired  CouponState = "expired"
	CouponVoid     CouponState = "void" // its case ended without a visit
)

// Coupon is a discount that came with an offer. It belongs to the case: another
// offer of the case keeps its code.
type Coupon struct {
	Code          string `json:"code"`
	OfferID       string `json:"offer_id"` // the first that told it
	CaseID        string `json:"case_id"`
	CustomerID    string `json:"customer_id"`
	WorkshopID    string `json:"workshop_id"`
	Rule          string `json:"rule"`                     // of the policy, by name
	PolicyVersion int64  `json:"policy_version,omitempty"` // 0: the configuration
	Discount      Money  `json:"discount"`                 // off the price of the visit
	// A visit that begins before ExpiresAt counts.
	IssuedAt   time.Time `json:"issued_at"`
	ExpiresAt  time.Time `json:"expires_at"`
	RedeemedAt time.Time `json:"redeemed_at,omitzero"`
	VoidAt     time.Time `json:"void_at,omitzero"`
	// Most is how many of its rule may be issued in its month; 0: any number. It counts
	// when the coupon is issued and is not kept.
	Most int `json:"-"`
	// NoneSince: it is not issued when its customer has got another of its rule since then,
	// by another case; zero: whatever they have got. It counts as Most does.
	NoneSince time.Time `json:"-"`
}

// CouponMonth begins the month, by UTC, in which coupons are counted.
func CouponMonth(at time.Time) time.Time {
	day := at.UTC()
	return time.Date(day.Year(), day.Month(), 1, 0, 0, 0, 0, time.UTC)
}

// State is that of a moment.
func (c Coupon) State(at time.Time) CouponState {
	switch {
	case !c.RedeemedAt.IsZero():
		return CouponRedeemed
	case !c.VoidAt.IsZero():
		return CouponVoid
	case !at.Before(c.ExpiresAt):
		return CouponExpired
	}
	return CouponOpen
}

// Off is what the coupon takes off a price: never more than the price, and
// nothing in another currency.
func (c Coupon) Off(price Money) Money {
	if c.Discount.Currency != price.Currency {
		return Money{Currency: price.Currency}
	}
	return Money{Minor: max(0, min(c.Discount.Minor, price.Minor)), Currency: price.Currency}
}

// CouponFilter selects coupons; fields that are empty select everything.
type CouponFilter struct {
	Rule       string
	CustomerID string
	CaseID     string
	NotCaseID  string
	State      CouponState // at Now
	Now        time.Time
	From, To   time.Time // issued in [From, To)
	After      string    // code of the last one of the page before
	Limit      int       // 0 for all
}

// CouponFigure counts the coupons of a rule in one currency.
type CouponFigure struct {
	Rule     string `json:"rule"`
	Currency string `json:"currency"`
	Issued   int    `json:"issued"`
	Redeemed int    `json:"redeemed"`
	Void     int    `json:"void"`    // their cases ended without a visit
	Expired  int    `json:"expired"` // nobody came in time
	// Promised is what all issued ones would cost, Given what the redeemed ones did,
	// in minor units.
	Promised int64 `json:"promised_minor"`
	Given    int64 `json:"given_minor"`
}

// Cost is what the redeemed ones took off.
func (f CouponFigure) Cost() Money { return Money{Minor: f.Given, Currency: f.Currency} }

// CouponLetters are what codes are written with: without 0, O, 1, I and L, which
// are read for each other. Their number is prime, so that the check letter
// finds every single wrong letter and every swap of two.
const CouponLetters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

// CouponLength is that of a code, its check letter with it.
const CouponLength = 9

// CouponCheck is the last letter of a code that begins with body.
func CouponCheck(body string) byte {
	sum := 0
	for i := range len(body) {
		sum += (i + 2) * strings.IndexByte(CouponLetters, body[i])
	}
	return CouponLetters[sum%len(CouponLetters)]
}

// ParseCouponCode reads a code as people write it: small letters, spaces and
// hyphens do not matter. ErrInvalid for what cannot be a code.
func ParseCouponCode(text string) (string, error) {
	code := strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(text))
	ok := len(code) == CouponLength
	for i := range len(code) {
		ok = ok && strings.IndexByte(CouponLetters, code[i]) >= 0
	}
	if !ok || CouponCheck(code[:CouponLength-1]) != code[CouponLength-1] {
		return "", fmt.Errorf("code: %w: %q is not a coupon's code: want %d letters and digits as the customer's text "+
			"shows them; one may be mistyped", ErrInvalid, text, CouponLength)
	}
	return code, nil
}
