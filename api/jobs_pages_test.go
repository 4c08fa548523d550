package api_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"presage"
)

// filled is a result's form without a fault.
func filled(components []presage.ComponentID) url.Values {
	form := url.Values{
		"odometer": {"99000"}, "note": {"left pad at the limit"}, "minutes": {"55"}, "first": {"yes"}, "who": {"Li Na"},
	}
	for _, id := range components {
		form.Set("outcome_"+string(id), "confirmed")
		form.Set("replaced_"+string(id), "yes")
	}
	return form
}

// atWork is a case with its booking, whose car has arrived.
func atWork(t *testing.T, r *rig) (presage.Case, string) {
	t.Helper()
	c := decode[list[presage.Case]](t, r.get(t, "/v1/cases?state=escalated")).Items[0]
	slot := regexp.MustCompile(`name="slot" value="([^"]+)"`).FindStringSubmatch(r.get(t, "/cases/"+c.ID).body)[1]
	want(t, r.form(t, "/cases/"+c.ID+"/book", url.Values{"slot": {slot}}), http.StatusSeeOther)
	all := decode[list[presage.Booking]](t, r.get(t, "/v1/bookings?case="+c.ID)).Items
	id := all[slices.IndexFunc(all, func(b presage.Booking) bool { return b.State == presage.BookingConfirmed })].ID
	want(t, r.form(t, "/job/"+id+"/stage", url.Values{"stage": {"in_work"}, "who": {"Li Na"}}), http.StatusSeeOther)
	return c, id
}

func TestJobCardPreselectsNothing(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	c, id := atWork(t, r)
	for lang, words := range map[string][]string{
		"en": {"In work", "Bin", "A-04", "Cases like this", "seized caliper", "Look at it", "Fixed at the first visit?"},
		"zh": {"维修中", "货位", "类似案例", "一次修好？", "检查"},
	} {
		page := r.get(t, "/job/"+id+"?lang="+lang).body
		_, form, _ := strings.Cut(page, `id="report"`)
		if regexp.MustCompile(`<input type="(radio|checkbox)"[^>]* checked`).MatchString(form) {
			t.Errorf("%s: something of the result is chosen beforehand", lang)
		}
		if !strings.Contains(page, string(c.VIN)) {
			t.Errorf("%s: the card lacks the whole VIN", lang)
		}
		for _, w := range words {
			if !strings.Contains(page, w) {
				t.Errorf("%s: the card lacks %q", lang, w)
			}
		}
	}
}

// TestJobRefusalsKeepWhatWasTyped: every fault is at its field, and nothing is lost.
func TestJobRefusalsKeepWhatWasTyped(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	c, id := atWork(t, r)
	first := string(c.Components[0])
	form := url.Values{
		"outcome_" + first: {"no_fault_found"}, "replaced_" + first: {"yes"}, "measured_" + first: {"99999999"},
		"odometer": {"lots"}, "at": {"2031-01-01T10:00"}, "minutes": {""}, "note": {"kept <b>words</b>"}, "who": {"Li Na"},
		"part": {"NO-SUCH"}, "quantity": {"2"},
	}
	a := r.form(t, "/job/"+id+"/result?lang=en", form)
	want(t, a, http.StatusUnprocessableEntity)
	for _, text := range []string{
		"No fault was found, and it was replaced", "outside what is possible", "cannot be read as a number",
		"This time has not come yet", "Please fill this in", "belongs to none of these jobs",
		"right all the same", `value="99999999"`, `value="lots"`, `value="2031-01-01T10:00"`, "kept &lt;b&gt;words", `value="NO-SUCH"`,
	} {
		if !strings.Contains(a.body, text) {
			t.Errorf("the answer lacks %q", text)
		}
	}
	if len(r.world.Results) != 0 {
		t.Fatal("a result with faults was stored")
	}
	if zh := r.form(t, "/job/"+id+"/result?lang=zh", form).body; !strings.Contains(zh, "未发现故障却已更换") || !strings.Contains(zh, "未保存") {
		t.Error("the refusal is not told in Chinese")
	}
}

// TestDoubtfulIsConfirmedByName: what is unlikely passes once somebody signs for it.
func TestDoubtfulIsConfirmedByName(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	c, id := atWork(t, r)
	form := filled(c.Components)
	form["part"], form["quantity"] = []string{"NO-SUCH"}, []string{"1"}
	want(t, r.form(t, "/job/"+id+"/result", form), http.StatusUnprocessableEntity)
	form.Set("sure", "1")
	form.Set("who", "")
	want(t, r.form(t, "/job/"+id+"/result", form), http.StatusUnprocessableEntity) // nobody signs
	form.Set("who", "Li Na")
	want(t, r.form(t, "/job/"+id+"/result", form), http.StatusSeeOther)
	if got := r.world.Results[0]; got.ConfirmedBy != "Li Na" || !slices.Contains(got.Doubts, "parts_used[0].part") {
		t.Errorf("stored %+v", got)
	}
}

func TestResultIsTakenBackAndCorrected(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	c, id := atWork(t, r)
	want(t, r.form(t, "/job/"+id+"/result", filled(c.Components)), http.StatusSeeOther)
	if page := r.get(t, "/job/"+id+"?lang=en").body; !strings.Contains(page, "Take the result back") || strings.Contains(page, `id="report"`) {
		t.Error("a stored result cannot be taken back, or is asked for again")
	}
	want(t, r.form(t, "/job/"+id+"/undo", url.Values{"who": {"Li Na"}}), http.StatusSeeOther)
	want(t, r.form(t, "/job/"+id+"/result", filled(c.Components)), http.StatusSeeOther)
	page := r.get(t, "/job/"+id+"?correct=1&lang=en").body
	if !strings.Contains(page, `value="99000"`) || !strings.Contains(page, "left pad at the limit") {
		t.Error("the correction does not begin with what was reported")
	}
	form := filled(c.Components)
	form.Set("odometer", "99100")
	want(t, r.form(t, "/job/"+id+"/correct", form), http.StatusUnprocessableEntity) // why?
	form.Set("why", "misread")
	want(t, r.form(t, "/job/"+id+"/correct", form), http.StatusSeeOther)
	page = r.get(t, "/job/"+id+"?lang=en").body
	for _, text := range []string{"misread", "All 3 versions", "taken back by Li Na", "Version 1"} {
		if !strings.Contains(page, text) {
			t.Errorf("the card lacks %q", text)
		}
	}
}

func TestStepsAreTicked(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	_, id := atWork(t, r)
	x, _ := r.world.JobCard(t.Context(), id)
	item := x.Items()[0]
	want(t, r.form(t, "/job/"+id+"/checks", url.Values{"item": {item}, "who": {"Li Na"}}), http.StatusSeeOther)
	if page := r.get(t, "/job/"+id).body; !strings.Contains(page, `value="`+item+`" checked`) || !strings.Contains(page, "Li Na") {
		t.Error("the tick is not kept with who made it")
	}
	want(t, r.form(t, "/job/"+id+"/checks", url.Values{"who": {"Li Na"}}), http.StatusSeeOther)
	if page := r.get(t, "/job/"+id).body; strings.Contains(page, `value="`+item+`" checked`) {
		t.Error("the tick was not taken back")
	}
	want(t, r.form(t, "/job/none/checks", nil), http.StatusNotFound)
}

// TestRepairByAPI does all of it by the API.
func TestRepairByAPI(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	c, id := atWork(t, r)
	base := "/v1/bookings/" + id
	want(t, r.json(t, base+"/stage", `{"stage":"done"}`), http.StatusUnprocessableEntity)
	course := decode[presage.Repair](t, r.json(t, base+"/stage", `{"stage":"waiting_part","who":"Li Na"}`))
	if course.Stage() != presage.RepairWaiting {
		t.Errorf("the course is %+v", course)
	}
	b := decode[presage.Booking](t, r.get(t, base))
	if page := r.get(t, "/workshop?lang=en&id="+b.WorkshopID+"&day="+b.Start.Format("2006-01-02")).body; !strings.Contains(page, "Waiting for a part") {
		t.Error("the workshop's page does not tell the stage")
	}
	card := decode[presage.JobCard](t, r.get(t, base+"/job"))
	item := card.Items()[0]
	want(t, r.json(t, base+"/checks", `{"item":"`+item+`","ticked":true,"who":"Li Na"}`), http.StatusOK)
	want(t, r.json(t, base+"/checks", `{"item":"none/1","ticked":true}`), http.StatusUnprocessableEntity)
	body := `"odometer_km":99000,"findings":[{"component":"` + string(c.Components[0]) + `","outcome":"confirmed","replaced":true}]`
	want(t, r.json(t, base+"/result/corrections", `{"why":"misread",`+body+`}`), http.StatusConflict) // nothing yet
	want(t, r.json(t, "/v1/results", `{"booking_id":"`+id+`","vin":"`+string(c.VIN)+`","at":"2026-11-21T02:30:00Z",`+body+`}`), http.StatusCreated)
	want(t, r.json(t, base+"/result/corrections", `{"why":"misread","who":"Li Na",`+body+`}`), http.StatusCreated)
	bad := r.json(t, base+"/result/corrections", `{"why":"misread",`+strings.Replace(body, "99000", "3000000", 1)+`}`)
	want(t, bad, http.StatusUnprocessableEntity)
	if !strings.Contains(bad.body, "body.odometer_km") {
		t.Errorf("the field is not named: %s", bad.body)
	}
	want(t, r.json(t, base+"/result/undo", `{"who":"Li Na"}`), http.StatusConflict) // it was corrected
	card = decode[presage.JobCard](t, r.get(t, base+"/job"))
	if len(card.Versions) != 2 || card.Current().Why != "misread" || len(card.Checks) != 1 {
		t.Errorf("the card has %d versions, %+v", len(card.Versions), card.Checks)
	}
}

// TestSurveyIsAnsweredOnce by whoever holds the link, in either language.
func TestSurveyIsAnsweredOnce(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	token := ""
	for i := range 8 {
		page := r.get(t, "/b/tok-"+string(rune('0'+i))+"?lang=en")
		if strings.Contains(page.body, "How was your visit?") {
			token = "/b/tok-" + string(rune('0'+i))
		}
	}
	if token == "" {
		t.Fatal("no visit is over")
	}
	half := r.form(t, token+"/survey?lang=en", url.Values{"csat": {"4"}, "line": {"quick <b>"}})
	want(t, half, http.StatusUnprocessableEntity)
	if !strings.Contains(half.body, `name="csat" value="4" checked`) || !strings.Contains(half.body, "quick &lt;b&gt;") {
		t.Error("what was chosen is lost")
	}
	want(t, r.form(t, token+"/survey", url.Values{"csat": {"4"}, "nps": {"9"}}), http.StatusSeeOther)
	if page := r.get(t, token+"?lang=zh").body; !strings.Contains(page, "感谢您的评价") || strings.Contains(page, `name="csat"`) {
		t.Error("the answer is not shown as given")
	}
	want(t, r.form(t, token+"/survey", url.Values{"csat": {"1"}, "nps": {"0"}}), http.StatusConflict)
	all := decode[list[presage.Survey]](t, r.get(t, "/v1/surveys")).Items
	if len(all) != 1 || all[0].CSAT != 4 || all[0].NPS != 9 {
		t.Errorf("kept %+v", all)
	}
	if page := r.get(t, "/outreach/stages?lang=en").body; !strings.Contains(page, "Net promoter score") || !strings.Contains(page, "Fixed first time") {
		t.Error("the manager's page lacks the scores")
	}
	want(t, r.get(t, "/v1/visits/figures"), http.StatusOK)
}

// The start page tells how visits went, and leads to the figures by workshop.
func TestStartPageTellsHowVisitsWent(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for lang, words := range map[string][]string{
		"en": {
			"Visits of the last 90 days", "Fixed first time", "75%", "Net promoter score", "No-shows", `href="/outreach/stages?days=90#visits"`,
			`Without a way to the workshop</b></span><b class="n">25%</b>`, "75% of cases",
		},
		"zh": {"近 90 天的到店", "一次修好", "净推荐值"},
	} {
		holds(t, lang, r.get(t, "/?lang="+lang).body, words...)
	}
	if a := r.get(t, "/v1/visits/figures").body; !strings.Contains(a, `"all":{"workshop_id":"","visits":41`) {
		t.Errorf("the figures lack the sum: %s", a)
	}
	if page := r.get(t, "/data/quality?lang=en").body; !strings.Contains(page, "invented") {
		t.Error("the page of a simulated world does not say that its people are invented")
	}
}
