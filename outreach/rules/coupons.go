package rules

import (
	"errors"
	"slices"
	"strconv"

	"presage"
	"presage/outreach/policy"
)

// CouponRule says which offers bring a coupon; the first one that fits counts.
// A matter of safety never does: nobody is to weigh a price, or wait for a better
// one, while the brakes wear. Neither does what a warranty pays for whole, nor a
// vehicle of the hold-out.
type CouponRule struct {
	Name string `json:"name"`
	// Components and Severity narrow it to cases about nothing else, Workshops to
	// some centres; none: all.
	Components []presage.ComponentID `json:"components,omitempty"`
	Severity   []presage.Severity    `json:"severity,omitempty"`
	Workshops  []string              `json:"workshops,omitempty"`
	// Percent of the price, or Amount.
	Percent int           `json:"percent,omitempty"`
	Amount  presage.Money `json:"amount,omitzero"`
	Days    int           `json:"days"` // that it is valid, 1-366
	// LeaveOut is the share of cases that get none, so that the effect can be seen.
	LeaveOut float64 `json:"leave_out,omitempty"`
	PerMonth int     `json:"per_month,omitempty"` // at most so many, by UTC; 0: any number
	// Again is how long after a coupon of this rule its customer gets another one,
	// for another case; 0: at once.
	Again Span `json:"again,omitempty"`
}

const noHurry = "a coupon must not hurry a safety repair, nor put one off"

// mostCoupons bounds the rules of a document.
const mostCoupons = 100

// fits tells whether a case of a workshop is one for the rule.
func (r CouponRule) fits(c presage.Case) bool {
	other := func(id presage.ComponentID) bool { return !slices.Contains(r.Components, id) }
	return (len(r.Components) == 0 || !slices.ContainsFunc(c.Components, other)) &&
		(len(r.Severity) == 0 || slices.Contains(r.Severity, c.Severity)) &&
		(len(r.Workshops) == 0 || slices.Contains(r.Workshops, c.WorkshopID))
}

// Discount is what the rule takes off a price; 0 where it is in another currency.
func (r CouponRule) Discount(price presage.Money) presage.Money {
	if r.Percent > 0 {
		return presage.Money{Minor: (price.Minor*int64(r.Percent) + 50) / 100, Currency: price.Currency}
	}
	return presage.Coupon{Discount: r.Amount}.Off(price)
}

// CouponFor is the rule for a case. Safety has none.
func (c Config) CouponFor(x presage.Case) (CouponRule, bool) {
	if x.Severity == presage.Safety || len(x.Alerted) > 0 {
		return CouponRule{}, false
	}
	i := slices.IndexFunc(c.Coupons, func(r CouponRule) bool { return r.fits(x) })
	if i < 0 {
		return CouponRule{}, false
	}
	return c.Coupons[i], true
}

// LeavesOut tells that a case gets no coupon of a rule by a draw: of the hold-out, or
// of the rule's own.
func (c Config) LeavesOut(r CouponRule, x presage.Case) bool {
	return policy.Draw(c.Experiment, x.VIN) < c.Policy.HoldOut ||
		policy.Draw("coupon|"+r.Name+"|"+x.ID, x.VIN) < r.LeaveOut
}

// tidy takes empty lists for absent ones, as they are stored.
func tidy(list []CouponRule) []CouponRule {
	for i := range list {
		r := &list[i]
		if len(r.Components) == 0 {
			r.Components = nil
		}
		if len(r.Severity) == 0 {
			r.Severity = nil
		}
		if len(r.Workshops) == 0 {
			r.Workshops = nil
		}
	}
	return list
}

// checkCoupons names what is wrong with the rules by themselves.
func (d Document) checkCoupons(k *checker) {
	k.that(len(d.Coupons) <= mostCoupons, "coupons", strconv.Itoa(mostCoupons)+" rules at most")
	for i, r := range d.Coupons {
		field := "coupons[" + strconv.Itoa(i) + "]"
		k.that(nameForm.MatchString(r.Name), field+".name", "a name of 1-64 letters and digits")
		k.that(!slices.ContainsFunc(d.Coupons[:i], func(x CouponRule) bool { return x.Name == r.Name }),
			field+".name", "each name once: coupons are counted by it")
		for j, s := range r.Severity {
			k.that(s == presage.Mobility || s == presage.Comfort, field+".severity["+strconv.Itoa(j)+"]",
				"mobility or comfort: "+noHurry)
		}
		k.that((r.Percent != 0) != (r.Amount != presage.Money{}), field, "either percent or amount")
		k.between(r.Percent, 0, 100, field+".percent")
		if r.Amount != (presage.Money{}) {
			k.money(r.Amount, field+".amount")
			k.that(r.Amount.Minor > 0, field+".amount.minor", "more than 0")
		}
		k.between(r.Days, 1, 366, field+".days")
		k.that(r.LeaveOut >= 0 && r.LeaveOut < 1, field+".leave_out", "0 to less than 1")
		k.between(r.PerMonth, 0, 1_000_000, field+".per_month")
		k.span(r.Again, 0, 3660*day, field+".again")
	}
}

// CouponsFit is an ErrInvalid that names each component, workshop and currency of
// a coupon rule that the service does not have, or that is a matter of safety.
func (d Document) CouponsFit(cat *presage.Catalogue, workshops []string) error {
	k := &checker{}
	for i, r := range d.Coupons {
		field := "coupons[" + strconv.Itoa(i) + "]"
		for j, id := range r.Components {
			c, err := cat.Component(id)
			where := field + ".components[" + strconv.Itoa(j) + "]"
			k.that(err == nil, where, "a component of the catalogue, not "+strconv.Quote(string(id)))
			k.that(!c.SafetyCritical(), where, "no safety-critical component: "+noHurry)
		}
	}
	faults := []error{errors.Join(k.faults...), d.CouponsAt(workshops)}
	if len(cat.Jobs) > 0 {
		faults = append(faults, d.CouponsIn(cat.Jobs[0].Price.Currency, "in which the catalogue prices jobs"))
	}
	return errors.Join(faults...)
}

// CouponsAt is an ErrInvalid that names each workshop of a coupon rule that is not
// among the registered ones.
func (d Document) CouponsAt(registered []string) error {
	k := &checker{}
	for i, r := range d.Coupons {
		for j, id := range r.Workshops {
			k.that(slices.Contains(registered, id), "coupons["+strconv.Itoa(i)+"].workshops["+strconv.Itoa(j)+"]",
				"the ID of a workshop that is registered (GET /v1/workshops), not "+strconv.Quote(id))
		}
	}
	return errors.Join(k.faults...)
}

// CouponsIn is an ErrInvalid that names each amount that is not in the currency; why
// says where that one comes from.
func (d Document) CouponsIn(currency, why string) error {
	k := &checker{}
	for i, r := range d.Coupons {
		k.that(r.Amount.Currency == "" || r.Amount.Currency == currency,
			"coupons["+strconv.Itoa(i)+"].amount.currency", currency+", "+why)
	}
	return errors.Join(k.faults...)
}
