//go:build integration

package api_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"presage"
)

// mostJob is what a job card may weigh with all it fetches, in bytes: most of it are the charts.
const mostJob = 400_000

// A technician's ways at the job card, as wide as a desk and as a phone, in both
// languages, with scripts and without.
func TestJobCardInABrowser(t *testing.T) {
	t.Parallel()
	inEveryWindow(t, func(t *testing.T, w window, lang string) {
		t.Helper()
		r := start(t, nil)
		c, id := atWork(t, r)
		r.world.Reads(c.VIN, 98_990)
		b := r.browse(t, w)
		b.asAdviser()
		b.open("/job/" + id + "?lang=" + lang)
		b.weighs("the job card", mostJob)
		b.clean("the card")
		b.shot("card")
		j := &jobTab{browser: b, id: id, lang: lang, first: string(c.Components[0])}
		j.nothingChosen()
		for _, x := range refusals() {
			j.refused(x)
		}
		j.allAtOnce()
		j.tick()
		j.store(c)
	})
}

// jobTab is a browser at one job card.
type jobTab struct {
	*browser

	id, lang string
	first    string // the component of the first finding
}

// refusal is what a technician types, which is not stored.
type refusal struct {
	name   string
	typed  map[string]string // by the name of the field; "!" is the first component
	chosen map[string]string // choices
	at     string            // the field that the fault is shown below
	zh, en string            // the fault's words
	sure   bool              // it can be signed for
}

// refusals are each a result that is right but for one thing.
func refusals() []refusal {
	return []refusal{
		{
			name: "odometer below the last", typed: map[string]string{"odometer": "12"}, at: "odometer",
			zh: "低于车辆自己上报的", en: "is less than the", sure: true,
		},
		{
			name: "odometer far above the last", typed: map[string]string{"odometer": "120000"}, at: "odometer",
			zh: "公里过高", en: "is too much", sure: true,
		},
		{name: "no odometer of a car", typed: map[string]string{"odometer": "3000000"}, at: "odometer", zh: "公里过高", en: "is too much"},
		{
			name: "odometer in words", typed: map[string]string{"odometer": "lots"}, at: "odometer",
			zh: "无法识别为数字", en: "cannot be read as a number",
		},
		{name: "in the future", typed: map[string]string{"at": "2031-01-01T10:00"}, at: "at", zh: "时间尚未到来", en: "has not come yet"},
		{name: "before the visit", typed: map[string]string{"at": "2026-11-01T10:00"}, at: "at", zh: "早于到店时间", en: "Earlier than the visit"},
		{
			name: "measured out of range", typed: map[string]string{"measured_!": "99999999"}, at: "measured_!",
			zh: "超出可能范围", en: "outside what is possible",
		},
		{
			name: "measured in words", typed: map[string]string{"measured_!": "thin"}, at: "measured_!",
			zh: "无法识别为数字", en: "cannot be read as a number",
		},
		{
			name: "part not known", typed: map[string]string{"part": "NO-SUCH", "quantity": "1"}, at: "quantity",
			zh: "不属于本次作业", en: "belongs to none of these jobs", sure: true,
		},
		{
			name: "fewer than no parts", typed: map[string]string{"part": "NO-SUCH", "quantity": "-2"}, at: "quantity",
			zh: "的数量应为 1 到", en: "want 1 to 1000", sure: true,
		}, // that it is foreign can be
		{name: "no part named", typed: map[string]string{"quantity": "2"}, at: "quantity", zh: "请填写", en: "fill this in"},
		{
			name: "no fault and replaced", chosen: map[string]string{"outcome_!": "no_fault_found"}, at: "replaced_!",
			zh: "未发现故障却已更换", en: "No fault was found, and it was replaced",
		},
		{
			name: "another cause without one", chosen: map[string]string{"outcome_!": "other_cause"}, at: "cause_!",
			zh: "请写明其他原因", en: "what the other cause is",
		},
		{name: "a cause of nothing", typed: map[string]string{"cause_!": "seized"}, at: "cause_!", zh: "才填写原因", en: "A cause belongs to"},
		{name: "minutes below none", typed: map[string]string{"minutes": "-3"}, at: "minutes", zh: "应为 0 到", en: "Want 0 to"},
		{
			name: "more minutes than planned", typed: map[string]string{"minutes": "900"}, at: "minutes",
			zh: "远多于计划", en: "far more than", sure: true,
		},
	}
}

// name is a field of the form, of the first component where "!" stands.
func (j *jobTab) name(field string) string { return strings.Replace(field, "!", j.first, 1) }

// words are those of the language that is read.
func (j *jobTab) words(zh, en string) string {
	if j.lang == "zh" {
		return zh
	}
	return en
}

// fresh opens the card with nothing typed.
func (j *jobTab) fresh() {
	j.t.Helper()
	j.open("/job/" + j.id)
	j.shows("#report")
}

// field finds the last field of a name: of parts that is the empty row.
func field(name string) string {
	return `(//form[contains(@class, "report")]//*[@name="` + name + `"])[last()]`
}

// typeIn types into a field as a person does; a time is set, for its keys depend on the
// browser's own language.
func (j *jobTab) typeIn(name, text string) {
	j.t.Helper()
	at := field(name)
	if name == "at" {
		j.do(chromedp.SetAttributeValue(at, "value", text, chromedp.BySearch))
		return
	}
	j.do(chromedp.SendKeys(at, text, chromedp.BySearch))
}

func (j *jobTab) choose(name, value string) {
	j.t.Helper()
	j.do(chromedp.SendKeys(`.report [name="`+name+`"][value="`+value+`"]`, " ", chromedp.ByQuery))
}

// fill fills the form without a fault, but for what is said.
func (j *jobTab) fill(typed, chosen map[string]string) {
	j.t.Helper()
	all := map[string]string{"odometer": "99000", "minutes": "55", "note": "<b>left</b> pad at the limit"}
	for name, text := range typed {
		all[j.name(name)] = text
	}
	for name, text := range all {
		j.typeIn(name, text)
	}
	picks := map[string]string{"first": "yes"}
	for _, id := range j.components() {
		picks["outcome_"+id], picks["replaced_"+id] = "confirmed", "yes"
	}
	for name, value := range chosen {
		picks[j.name(name)] = value
	}
	for name, value := range picks {
		j.choose(name, value)
	}
}

// components are those that the form asks about.
func (j *jobTab) components() []string {
	j.t.Helper()
	var nodes []*cdp.Node
	j.do(chromedp.Nodes(`.report [name^="measured_"], .report [name^="cause_"]`, &nodes, chromedp.ByQueryAll))
	var ids []string
	for _, n := range nodes {
		_, id, _ := strings.Cut(n.AttributeValue("name"), "_")
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// send sends the form and waits for what comes of it.
func (j *jobTab) send(then string) {
	j.t.Helper()
	j.press(".report button.big", then)
}

// count is how many elements a selector finds.
func (j *jobTab) count(selector string) int {
	j.t.Helper()
	var nodes []*cdp.Node
	j.do(chromedp.Nodes(selector, &nodes, chromedp.ByQueryAll, chromedp.AtLeast(0)))
	return len(nodes)
}

// kept tells that a field holds what was typed.
func (j *jobTab) kept(what, name, text string) {
	j.t.Helper()
	var got string
	switch name {
	case "note":
		j.do(chromedp.TextContent(`.report [name="note"]`, &got, chromedp.ByQuery))
	default:
		var nodes []*cdp.Node
		j.do(chromedp.Nodes(`.report [name="`+name+`"]`, &nodes, chromedp.ByQueryAll))
		for _, n := range nodes {
			if v := n.AttributeValue("value"); v == text {
				got = v
			}
		}
	}
	if got != text {
		j.t.Errorf("%s: the field %s has lost %q: %q", what, name, text, got)
	}
}

// chosen tells that a choice is made still.
func (j *jobTab) chosen(what, name, value string) {
	j.t.Helper()
	if j.count(`.report [name="`+name+`"][value="`+value+`"][checked]`) != 1 {
		j.t.Errorf("%s: the choice %s=%s is lost", what, name, value)
	}
}

// nothingChosen sends the form as it is.
func (j *jobTab) nothingChosen() {
	j.t.Helper()
	j.fresh()
	if n := j.count(".report [checked]"); n != 0 {
		j.t.Errorf("%d things are chosen beforehand", n)
	}
	j.send(".notice.due")
	// Of each component what was found and whether it was replaced; odometer, minutes, first visit.
	if n, want := j.count(".report .fault"), 3+2*len(j.components()); n != want {
		j.t.Errorf("nothing chosen: %d faults, want %d", n, want)
	}
	j.clean("nothing chosen")
	j.shot("nothing")
	j.nothingKept("nothing chosen")
}

func (j *jobTab) nothingKept(what string) {
	j.t.Helper()
	if v, err := j.world.Versions(j.t.Context(), j.id); err != nil || len(v) > 0 {
		j.t.Fatalf("%s: a result was stored: %v %v", what, v, err)
	}
}

// refused types one thing that is wrong.
func (j *jobTab) refused(x refusal) {
	j.t.Helper()
	j.fresh()
	j.fill(x.typed, x.chosen)
	j.send(".report .fault")
	var form string // read in one step: the page may be drawn anew between two
	j.do(chromedp.WaitReady(".report", chromedp.ByQuery),
		chromedp.Evaluate(`document.querySelector(".report").outerHTML`, &form))
	if want := j.words(x.zh, x.en); !strings.Contains(form, want) {
		j.t.Errorf("%s: the form does not say %q: %q", x.name, want, j.text(".report .fault"))
	}
	// The fault stands below its field, and what was typed is there still.
	after := `//form[contains(@class, "report")]//*[following-sibling::*[1][self::small[contains(@class, "fault")]]` +
		`]/descendant-or-self::*[@name="` + j.name(x.at) + `"]`
	j.do(chromedp.WaitReady(after, chromedp.BySearch))
	for name, text := range x.typed {
		j.kept(x.name, j.name(name), text)
	}
	j.kept(x.name, "note", "<b>left</b> pad at the limit")
	j.chosen(x.name, "first", "yes")
	if x.chosen["outcome_!"] == "" {
		j.chosen(x.name, "outcome_"+j.first, "confirmed")
	}
	if n := j.count(".report [name=sure]"); n != map[bool]int{true: 1}[x.sure] {
		j.t.Errorf("%s: it can be signed for: %v, want %v", x.name, n == 1, x.sure)
	}
	j.quiet(x.name)
	j.nothingKept(x.name)
}

// allAtOnce shows every fault of a form together.
func (j *jobTab) allAtOnce() {
	j.t.Helper()
	j.fresh()
	j.fill(map[string]string{
		"odometer": "lots", "at": "2031-01-01T10:00", "measured_!": "99999999", "minutes": "-3", "part": "NO-SUCH", "quantity": "1",
	}, map[string]string{"outcome_!": "no_fault_found"})
	j.send(".report .fault")
	if n := j.count(".report .fault"); n != 6 {
		j.t.Errorf("%d faults are shown, want 6", n)
	}
	j.clean("all faults")
	j.shot("faults")
	j.nothingKept("all faults")
}

// tick ticks the first step of the checklist.
func (j *jobTab) tick() {
	j.t.Helper()
	j.fresh()
	j.do(chromedp.SendKeys("#steps [name=item]", " ", chromedp.ByQuery))
	j.press("#steps button", "#steps [name=item][checked]")
	j.quiet("a step ticked off")
}

// store signs for a doubtful odometer, takes the result back, reports again and corrects.
func (j *jobTab) store(c presage.Case) {
	t := j.t
	t.Helper()
	j.fresh()
	j.fill(map[string]string{"odometer": "12"}, nil)
	j.send(".report .fault")
	j.do(chromedp.SendKeys(".report [name=sure]", " ", chromedp.ByQuery),
		chromedp.SetAttributeValue(".report [name=who]", "value", "Li Na", chromedp.ByQuery))
	j.send("#found")
	j.clean("stored")
	j.shot("stored")
	if x := j.world.Results[0]; x.ConfirmedBy != "Li Na" || x.OdometerKm != 12 || !slices.Equal(x.Doubts, []string{"odometer_km"}) {
		t.Errorf("stored %+v", x)
	}
	undo := `form[action$="/undo"] button`
	j.press(undo, "#report")
	j.clean("taken back")
	j.fill(nil, nil)
	j.send("#found")
	j.press(`a[href*="correct=1"]`, "#report")
	j.kept("a correction", "odometer", "99000")
	j.do(chromedp.SendKeys(`.report [name=odometer]`, kb.End+"5", chromedp.ByQuery))
	j.send(".report .fault") // nobody says why, and no car drives so far
	j.kept("a correction", "odometer", "990005")
	j.do(chromedp.SendKeys(`.report [name=odometer]`, kb.End+kb.Backspace+kb.Backspace+"3", chromedp.ByQuery),
		chromedp.SendKeys(`.report [name=why]`, "misread", chromedp.ByQuery))
	j.send(".notice.ok")
	j.clean("corrected")
	v, err := j.world.Versions(t.Context(), j.id)
	if err != nil || len(v) != 3 || v[0].Why != "misread" || v[0].Result.OdometerKm != 99003 || v[0].Result.VIN != c.VIN {
		t.Errorf("kept %+v, %v", v, err)
	}
	want(t, j.form(t, "/job/"+j.id+"/undo", url.Values{"who": {"Li Na"}}), http.StatusConflict)
}
