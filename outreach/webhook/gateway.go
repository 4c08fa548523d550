package webhook

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"presage"
)

// Gateway is the protocol of a message gateway as data: how a message becomes a
// request, how that is signed, and what each answer means. Read it with
// ReadGateway. docs/gateways.md tells the form.
type Gateway struct {
	Method  string          `yaml:"method"`  // POST or GET
	Headers map[string]text `yaml:"headers"` // beside Content-Type and what the client sets
	// One of these: parameters (in the address for GET, else as a form), or a body.
	Params map[string]text `yaml:"params"`
	JSON   *tree           `yaml:"json"`
	Body   *text           `yaml:"body"`
	// Values are computed one after the other, each from those before it.
	Values []map[string]text `yaml:"values"`
	// Signed are more parameters, after the values are known.
	Signed map[string]text `yaml:"signed"`
	// Templates are the gateway's IDs of texts by kind; "default" is for all others.
	Templates map[string]perLang `yaml:"templates"`
	// SignNames are the registered senders by the car's make in small letters.
	SignNames map[string]string `yaml:"sign_names"`
	Answer    answers           `yaml:"answer"`
}

// perLang is a template's ID in each language.
type perLang struct {
	ZH string `yaml:"zh"`
	EN string `yaml:"en"`
}

// mostFile is how long the file of a gateway may be.
const mostFile = 256 << 10

// ReadGateway reads a gateway's file; the error is an ErrInvalid that names every
// fault by its line. kinds are the kinds of messages that templates may name, nil
// when they are not known.
func ReadGateway(path string, kinds []string) (*Gateway, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%w: cannot be read: %w", presage.ErrInvalid, err)
	}
	defer func() { _ = file.Close() }()
	raw, err := io.ReadAll(io.LimitReader(file, mostFile))
	if err != nil {
		return nil, fmt.Errorf("%w: cannot be read: %w", presage.ErrInvalid, err)
	}
	return ParseGateway(raw, kinds)
}

// ParseGateway is ReadGateway for what is in memory.
func ParseGateway(raw []byte, kinds []string) (*Gateway, error) {
	g := &Gateway{Method: http.MethodPost}
	decoder := yaml.NewDecoder(bytes.NewReader(raw))
	decoder.KnownFields(true)
	var faults []error
	if err := decoder.Decode(g); err != nil {
		several, ok := errors.AsType[*yaml.TypeError](err)
		if !ok {
			return nil, fmt.Errorf("%w: %s", presage.ErrInvalid, err.Error())
		}
		for _, one := range several.Errors {
			one, _, _ = strings.Cut(one, " in type ")
			faults = append(faults, fmt.Errorf("%w: %s", presage.ErrInvalid, one))
		}
	}
	faults = append(faults, g.faults(kinds)...)
	if len(faults) == 0 {
		faults = g.try()
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return g, nil
}

// faultsOf gathers faults.
type faultsOf []error

func (f *faultsOf) check(ok bool, form string, args ...any) {
	if !ok {
		*f = append(*f, fmt.Errorf("%w: "+form, append([]any{presage.ErrInvalid}, args...)...))
	}
}

// faults are what each field alone says to be wrong.
func (g *Gateway) faults(kinds []string) []error {
	var f faultsOf
	f.check(g.Method == http.MethodPost || g.Method == http.MethodGet, "method: %.20q: want POST or GET", g.Method)
	forms := 0
	for _, given := range []bool{len(g.Params) > 0, g.JSON != nil, g.Body != nil} {
		if given {
			forms++
		}
	}
	f.check(forms == 1, "want one of params, json and body")
	f.check(g.Method == http.MethodPost || len(g.Params) > 0, "method: GET: want params")
	f.check(len(g.Signed) == 0 || len(g.Params) > 0, "signed: want params beside it")
	for _, step := range g.Values {
		f.check(len(step) == 1, "values: want a list of one name and its text each")
	}
	f.check(len(g.Answer.Code) > 0 == (len(g.Answer.Accepted) > 0), "answer: want code and accepted, or neither")
	g.checkTemplates(&f, kinds)
	return f
}

func (g *Gateway) checkTemplates(f *faultsOf, kinds []string) {
	if len(g.Templates) > 0 {
		_, ok := g.Templates[fallback]
		f.check(ok, "templates.default: want the template of all kinds that have none of their own")
	}
	for kind, ids := range g.Templates {
		f.check(kind == fallback || kinds == nil || slices.Contains(kinds, kind),
			"templates.%.40s: want default or a kind: %s", kind, strings.Join(kinds, ", "))
		f.check(ids.ZH != "" && ids.EN != "", "templates.%.40s: want the IDs of zh and en", kind)
	}
	if len(g.SignNames) > 0 {
		f.check(g.SignNames[fallback] != "", "sign_names.default: want the sender of makes that have none of their own")
	}
}

// fallback is the key of what counts for all that have nothing of their own.
const fallback = "default"
