package outreach_test

import "strings"

// expectFindings looks at what the booking page says of each component.
func (s *scenario) expectFindings(st *step) {
	v, err := s.service(st).OfferOfCase(s.t.Context(), s.caseOf(st, st.word("car")).ID)
	st.must(err)
	var said []string
	for _, c := range v.Components {
		said = append(said, c.Sentence, c.Why, c.Warranty, c.Price.String())
	}
	s.holds(st, strings.Join(said, " "))
}
