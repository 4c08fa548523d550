package outreach_test

import (
	"strings"

	"presage"
)

// putRecall is what a maker asks for: "recall R1 safety cars=car1,car2
// job=brake_system_check", or a range: "make=Aurora models=One from=2022".
func (s *scenario) putRecall(st *step) {
	id := st.word("recall")
	r := presage.Recall{
		ID: id, Job: st.opt("job", "brake_system_check"), At: s.now,
		Title: presage.Text{ZH: "制动软管", EN: "Brake hose"},
		Tell:  presage.Text{ZH: "制动软管可能渗漏。", EN: "A brake hose may leak."},
	}
	for _, word := range []struct {
		name string
		set  *bool
	}{{"safety", &r.Safety}, {"with_visit", &r.WithVisit}, {"closed", &r.Closed}} {
		*word.set = st.is(word.name)
	}
	if cars := st.opt("cars", ""); cars != "" {
		for name := range strings.SplitSeq(cars, ",") {
			r.VINs = append(r.VINs, s.car(st, name).VIN)
		}
	}
	if brand := st.opt("make", ""); brand != "" {
		x := presage.RecallRange{Make: brand, FromSerial: st.opt("from_serial", ""), ToSerial: st.opt("to_serial", "")}
		if models := st.opt("models", ""); models != "" {
			x.Models = strings.Split(models, ",")
		}
		r.Ranges = append(r.Ranges, x)
	}
	st.must(s.store.PutRecalls(s.t.Context(), []presage.Recall{r}))
}

// expectRecall looks at the progress of a recall: expect recall R1 open=1 done=0.
func (s *scenario) expectRecall(st *step) {
	id := st.word("recall")
	all, err := s.store.Recalls(s.t.Context(), "", 0)
	st.must(err)
	for _, p := range all {
		if p.ID == id {
			s.compare(st, "recall", p)
			return
		}
	}
	st.fatalf("there is no recall %q", id)
}
