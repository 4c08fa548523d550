package wording

import (
	"errors"
	"os"
	"slices"
	"sync/atomic"

	"presage"
)

// Texts are the messages of a service: ours, with those of an operator's folder
// in their place. Safe for use by several goroutines.
type Texts struct {
	folder  string // "" for none
	base    *Book
	samples []Sample
	now     atomic.Pointer[Book]
}

// OpenTexts reads the folder ("" for our texts alone) and tries its texts about
// everything in the catalogue, signed by sender. The error names every fault.
func OpenTexts(folder string, cat *presage.Catalogue, sender presage.Text) (*Texts, error) {
	base, err := Open()
	if err != nil {
		return nil, err
	}
	t := &Texts{folder: folder, base: base}
	for _, l := range []presage.Lang{presage.Chinese, presage.English} {
		t.samples = append(t.samples, Samples(cat, l, sender)...)
	}
	t.now.Store(base)
	faults := t.Reload()
	errs := make([]error, len(faults))
	for i, f := range faults {
		errs[i] = f.Err()
	}
	return t, errors.Join(errs...)
}

// Reload reads the folder again and takes it over when it has no fault, else
// leaves everything as it is.
func (t *Texts) Reload() []Fault {
	if t.folder == "" {
		return nil
	}
	book, faults := t.base.Override(os.DirFS(t.folder), t.samples)
	if len(faults) == 0 {
		t.now.Store(book)
	}
	return faults
}

// Write is Book.Write with the texts that count now.
func (t *Texts) Write(k Kind, f Facts) (Text, error) { return t.now.Load().Write(k, f) }

// Folder is where the operator's texts are, "" for none.
func (t *Texts) Folder() string { return t.folder }

// Preview is one kind of message in one language, as it would be sent.
type Preview struct {
	Kind     Kind         `json:"kind" doc:"What it is sent for" example:"offer"`
	Lang     presage.Lang `json:"lang" doc:"Its language" enum:"zh,en"`
	Title    string       `json:"title" doc:"Its title in an app"`
	SMS      string       `json:"sms" doc:"The text of an SMS"`
	Push     string       `json:"push" doc:"The text of a push notification"`
	Email    string       `json:"email" doc:"The text of an e-mail, whose subject is the title"`
	Encoding Encoding     `json:"encoding" doc:"How an SMS carries it" enum:"GSM-7,UCS-2"`
	Segments int          `json:"segments" doc:"SMS parts that it takes" example:"3"`
	Left     int          `json:"left" doc:"Characters left in the last part"`
	File     string       `json:"file,omitempty" doc:"The operator's file that replaces ours; empty for our own"`
}

// Preview writes every kind in both languages about facts; about the longest
// sample of each kind where facts is nil.
func (t *Texts) Preview(facts *Facts) ([]Preview, error) {
	var all []Preview
	for _, k := range Kinds() {
		for _, l := range []presage.Lang{presage.Chinese, presage.English} {
			text, err := t.preview(k, l, facts)
			if err != nil {
				return nil, err
			}
			p := Preview{Kind: k, Lang: l, Title: text.Title, SMS: text.SMS, Push: text.Push, Email: text.Email}
			p.File = t.fileOf(k)
			p.Encoding, p.Segments, p.Left = measure(text.SMS)
			all = append(all, p)
		}
	}
	return all, nil
}

func (t *Texts) preview(k Kind, l presage.Lang, facts *Facts) (Text, error) {
	if facts != nil && (k != Warning || slices.ContainsFunc(facts.Lines, func(x Line) bool { return x.Alert != nil })) {
		of := *facts
		of.Customer.Lang, of.Link = l, sampleLink // whoever has the real one can book
		return t.Write(k, of)
	}
	var longest Text
	alert := func(s Sample) bool { return s.Facts.Lines[0].Alert != nil }
	alerts := k == Warning && slices.ContainsFunc(t.samples, alert)
	for _, s := range t.samples {
		if s.Facts.Customer.Lang != l || alerts && !alert(s) {
			continue
		}
		text, err := t.Write(k, s.Facts)
		if err != nil {
			return Text{}, err
		}
		if len(text.SMS) > len(longest.SMS) {
			longest = text
		}
	}
	return longest, nil
}

// fileOf is the operator's file that replaces a text of the kind.
func (t *Texts) fileOf(k Kind) string {
	for _, of := range []string{bodyOf, pushOf, emailOf, titleOf} {
		if file := t.now.Load().own[of+string(k)]; file != "" {
			return file
		}
	}
	return ""
}
