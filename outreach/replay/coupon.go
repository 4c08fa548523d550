package replay

import (
	"slices"
	"time"

	"presage"
	"presage/outreach/rules"
)

// Gift is a coupon that comes with an offer.
type Gift struct {
	Rule     string        `json:"rule"`
	Discount presage.Money `json:"discount"`
}

// coupon is what the offer of a fate brings, as decide issues it; nil for none.
func (o once) coupon(f Fate) *Gift {
	c := presage.Case{
		ID: caseOf(o.record), VIN: o.record.VIN, CustomerID: o.record.CustomerID, WorkshopID: o.record.WorkshopID,
		Components: f.Components, Severity: f.Severity,
	}
	if o.known.Alert != nil {
		return nil
	}
	rule, ok := o.rules.CouponFor(c)
	if !ok || o.rules.LeavesOut(rule, c) {
		return nil
	}
	var price presage.Money
	for _, n := range o.known.Needs {
		if !slices.Contains(c.Components, n.Component) {
			continue
		}
		if n.safety() { // it only comes along
			return nil
		}
		pays := n.pays()
		price = presage.Money{Minor: price.Minor + pays.Minor, Currency: pays.Currency}
	}
	off := presage.Coupon{Discount: rule.Discount(price)}.Off(price)
	if off.Minor <= 0 || o.past.spent(rule, c, o.record) {
		return nil
	}
	return &Gift{rule.Name, off}
}

// caseOf is the ID that a draw goes by: that of the decision's case, or of the decision
// where it opened none.
func caseOf(d presage.DecisionRecord) string {
	if makesCase(d.Outcome) {
		return d.CaseID
	}
	return d.ID
}

// spent tells that a rule has no coupon left in the month of a decision, or none for
// the customer yet.
func (p *past) spent(rule rules.CouponRule, c presage.Case, d presage.DecisionRecord) bool {
	month, again, inMonth := presage.CouponMonth(d.At), d.At.Add(-time.Duration(rule.Again)), 0
	for _, g := range p.given {
		if g.Rule != rule.Name {
			continue
		}
		if rule.Again > 0 && g.CustomerID == c.CustomerID && g.CaseID != c.ID && !g.IssuedAt.Before(again) {
			return true
		}
		if !g.IssuedAt.Before(month) {
			inMonth++
		}
	}
	return rule.PerMonth > 0 && inMonth >= rule.PerMonth
}

// CouponsFrom is from when on coupons that were issued before a moment count at it, by
// the rules of some policies; false where none do.
func CouponsFrom(at time.Time, ds ...rules.Document) (from time.Time, count bool) {
	from = at
	for _, d := range ds {
		for _, r := range d.Coupons {
			if month := presage.CouponMonth(at); r.PerMonth > 0 && month.Before(from) {
				from = month
			}
			if again := at.Add(-time.Duration(r.Again)); again.Before(from) {
				from = again
			}
		}
	}
	return from, from.Before(at)
}
