package outreach_test

import (
	"slices"

	"presage"
	"presage/outreach/rules"
)

// putCoupon adds a rule to the policy: "coupon spring percent=10 days=30 severity=comfort again=720h".
func (s *scenario) putCoupon(st *step) {
	r := rules.CouponRule{Name: st.word("name"), Days: 30, Amount: presage.Money{}}
	r.Percent = st.number(st.opt("percent", "0"))
	if minor := st.number(st.opt("amount", "0")); minor > 0 {
		r.Amount = presage.Money{Minor: int64(minor), Currency: "CNY"}
	}
	if again := st.opt("again", ""); again != "" {
		r.Again = rules.Span(st.duration(again))
	}
	s.fill(st, &r)
	s.cfg.Coupons = append(slices.Clone(s.cfg.Coupons), r)
	s.svc = nil
}

// coupons are those of all cases of a car, the oldest first.
func (s *scenario) coupons(st *step, car string) []presage.Coupon {
	var out []presage.Coupon
	for _, c := range s.casesOf(st, car) {
		cs, err := s.store.Coupons(s.t.Context(), presage.CouponFilter{CaseID: c.ID})
		st.must(err)
		slices.Reverse(cs)
		out = append(out, cs...)
	}
	return out
}

// expectCoupon looks at the newest coupon of a car.
func (s *scenario) expectCoupon(st *step) {
	cs := s.coupons(st, st.word("car"))
	if len(cs) == 0 {
		st.fatalf("no coupon was issued")
	}
	c := cs[len(cs)-1]
	s.compare(st, "coupon", struct {
		presage.Coupon
		State presage.CouponState
	}{c, c.State(s.now)})
}

// redeem uses the newest coupon of a car up at the counter.
func (s *scenario) redeem(st *step) {
	cs := s.coupons(st, st.word("car"))
	if len(cs) == 0 {
		st.fatalf("no coupon was issued")
	}
	_, err := s.store.RedeemCoupon(s.t.Context(), cs[len(cs)-1].Code, s.now)
	st.fails(err)
}

// expectCoupons counts the coupons of a rule: issued, redeemed, given in minor units.
func (s *scenario) expectCoupons(st *step) {
	name := st.word("rule")
	figures, err := s.store.CouponFigures(s.t.Context(), s.now.AddDate(-1, 0, 0), s.now.AddDate(0, 0, 1), s.now)
	st.must(err)
	for _, f := range figures {
		if f.Rule == name {
			s.compare(st, "coupons", f)
			return
		}
	}
	s.compare(st, "coupons", presage.CouponFigure{})
}
