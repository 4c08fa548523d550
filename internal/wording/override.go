package wording

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"presage"
)

// Fault is one fault of an operator's text.
type Fault struct {
	File string       `json:"file" doc:"Name of the file in the folder"`
	Line int          `json:"line,omitempty" doc:"Line in it, 0 for the whole file"`
	Key  string       `json:"key,omitempty" doc:"Key of the text"`
	Lang presage.Lang `json:"lang,omitempty" doc:"Language of the text; empty for both"`
	What string       `json:"what" doc:"What is wrong, and what is wanted"`
}

// String names the place, then what is wrong.
func (f Fault) String() string {
	place := f.File
	if f.Line > 0 {
		place = fmt.Sprintf("%s:%d", f.File, f.Line)
	}
	if of := strings.TrimSpace(f.Key + " " + string(f.Lang)); of != "" {
		place += ": " + of
	}
	return place + ": " + f.What
}

// Err is the fault as an ErrInvalid.
func (f Fault) Err() error { return fmt.Errorf("%w text %s", presage.ErrInvalid, f) }

// own is an operator's text with its place.
type own struct {
	key  string
	file string
	text presage.Text
	line map[presage.Lang]int
}

func (o own) fault(l presage.Lang, what string) Fault {
	return Fault{File: o.file, Line: o.line[l], Key: o.key, Lang: l, What: what}
}

// Override is the book with the texts of an operator's folder in place of its
// own: those of messages that its *.yaml files hold, in the form of
// messages.yaml. Each of them is tried with the samples. With faults there is
// no book: nothing is taken over by halves.
func (b *Book) Override(folder fs.FS, samples []Sample) (*Book, []Fault) {
	texts, faults := b.read(folder)
	made := &Book{texts: maps.Clone(b.texts)}
	made.templates, _ = b.templates.Clone() // fails in package html/template alone
	var whole []own
	for _, o := range texts {
		if wrong := made.replace(o); len(wrong) > 0 {
			faults = append(faults, wrong...)
			continue
		}
		whole = append(whole, o)
	}
	for _, o := range whole {
		faults = append(faults, made.try(o, samples)...)
	}
	slices.SortStableFunc(faults, func(x, y Fault) int {
		return cmp.Or(cmp.Compare(x.File, y.File), cmp.Compare(x.Line, y.Line))
	})
	if len(faults) > 0 {
		return nil, faults
	}
	made.own = map[string]string{}
	for _, o := range whole {
		made.own[o.key] = o.file
	}
	return made, nil
}

// read takes the texts out of the files of a folder.
func (b *Book) read(folder fs.FS) (texts []own, faults []Fault) {
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		return nil, []Fault{{File: ".", What: "cannot be read: " + reason(err)}}
	}
	first := map[string]string{}
	for _, e := range entries {
		if ext := path.Ext(e.Name()); e.IsDir() || ext != ".yaml" && ext != ".yml" {
			continue
		}
		raw, err := fs.ReadFile(folder, e.Name())
		if err != nil {
			faults = append(faults, Fault{File: e.Name(), What: "cannot be read: " + reason(err)})
			continue
		}
		of, wrong := b.parse(e.Name(), raw)
		faults = append(faults, wrong...)
		for _, o := range of {
			if other, twice := first[o.key]; twice {
				faults = append(faults, o.fault("", "duplicate: "+other+" has it as well"))
				continue
			}
			first[o.key] = o.file
			texts = append(texts, o)
		}
	}
	return texts, faults
}

func reason(err error) string {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err.Error()
	}
	return err.Error()
}

// parse reads one file: keys with a text in each language.
func (b *Book) parse(file string, raw []byte) (texts []own, faults []Fault) {
	var doc yaml.Node
	err := yaml.NewDecoder(bytes.NewReader(raw)).Decode(&doc)
	switch {
	case errors.Is(err, io.EOF):
		return nil, nil // nothing but comments
	case err != nil:
		return nil, []Fault{{File: file, What: strings.TrimPrefix(err.Error(), "yaml: ")}}
	case doc.Content[0].Kind != yaml.MappingNode:
		return nil, []Fault{{File: file, Line: doc.Content[0].Line, What: "want keys, each with {zh: ..., en: ...}"}}
	}
	rows := doc.Content[0].Content
	for i := 0; i+1 < len(rows); i += 2 {
		o := own{key: rows[i].Value, file: file, line: map[presage.Lang]int{"": rows[i].Line}}
		if !b.Has(o.key) || !strings.HasPrefix(o.key, "message.") {
			what := "unknown key: want one of messages.yaml, such as message.text.offer"
			faults = append(faults, o.fault("", what))
			continue
		}
		wrong := o.languages(rows[i+1])
		if faults = append(faults, wrong...); len(wrong) == 0 {
			texts = append(texts, o)
		}
	}
	return texts, faults
}

// languages takes both languages of a text.
func (o *own) languages(value *yaml.Node) (faults []Fault) {
	for i := 0; value.Kind == yaml.MappingNode && i+1 < len(value.Content); i += 2 {
		l, text := presage.Lang(value.Content[i].Value), value.Content[i+1]
		o.line[l] = text.Line
		switch {
		case text.Kind != yaml.ScalarNode:
			faults = append(faults, o.fault(l, "want a text"))
		case l == presage.Chinese:
			o.text.ZH = text.Value
		case l == presage.English:
			o.text.EN = text.Value
		default:
			faults = append(faults, o.fault(l, "unknown language: want zh and en"))
		}
	}
	for _, l := range []presage.Lang{presage.Chinese, presage.English} {
		if strings.TrimSpace(o.text.In(l)) == "" || l == presage.English && o.text.EN == "" {
			faults = append(faults, Fault{File: o.file, Line: o.line[""], Key: o.key, Lang: l, What: "the language is missing"})
		}
	}
	return faults
}

// replace puts a text in its place, if its templates can be read.
func (b *Book) replace(o own) (faults []Fault) {
	for _, l := range []presage.Lang{presage.Chinese, presage.English} {
		for _, name := range unknownVariables(o.text.In(l)) {
			faults = append(faults, o.fault(l, "unknown variable ."+name+": docs/texts.md lists them"))
		}
		if _, err := b.templates.New(string(l) + " " + o.key).Parse(o.text.In(l)); err != nil {
			_, what, _ := strings.Cut(err.Error(), o.key+":")
			faults = append(faults, o.fault(l, "not a template: line "+what+" of the text"))
		}
	}
	b.texts[o.key] = o.text
	return faults
}
