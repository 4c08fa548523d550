package webhook

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"presage"
	"presage/outreach/contact"
)

// answers say what a gateway's codes mean. A code that ends in * stands for all
// that begin so. A code that is in none of the lists is not known to be the
// message's fault or our account's: see contact.Channel.
type answers struct {
	Code     []string `yaml:"code"` // paths into the answer, "Response.Error.Code"; the first that is there counts
	ID       []string `yaml:"id"`   // of the message at the gateway
	Accepted []string `yaml:"accepted"`
	Again    []string `yaml:"again"`     // tried again later
	Account  []string `yaml:"account"`   // our account, signature or template is at fault
	Number   []string `yaml:"number"`    // the number or the text is refused for good
	OptedOut []string `yaml:"opted_out"` // the customer told the gateway to stop
}

// judge is what an answer means: the message's ID at the gateway, or why not.
func (a answers) judge(res *http.Response, raw []byte, ours string) (string, error) {
	var document any
	_ = json.Unmarshal(raw, &document) // another form has no code
	code := first(document, a.Code)
	if code == "" && len(a.Code) > 0 && res.StatusCode/100 == 2 {
		return "", fmt.Errorf("webhook send: %w: the gateway's answer has no code", presage.ErrUnavailable)
	}
	if accepted := code == "" && res.StatusCode/100 == 2 || matches(a.Accepted, code); accepted {
		id := first(document, a.ID)
		if id == "" || len(id) > maxID {
			id = ours
		}
		return id, nil
	}
	err := fmt.Errorf("webhook send: %w (HTTP %d, code %.80q)", a.fault(code, res.StatusCode), res.StatusCode, code)
	if errors.Is(err, presage.ErrUnavailable) {
		err = contact.After(err, res.Header)
	}
	return "", err
}

// errUnclear is a code that nobody told us of.
var errUnclear = fmt.Errorf("%w, or %w", contact.ErrAccount, presage.ErrInvalid)

// fault is the kind of a refusal.
func (a answers) fault(code string, status int) error {
	switch {
	case matches(a.Again, code):
		return presage.ErrUnavailable
	case matches(a.Account, code):
		return contact.ErrAccount
	case matches(a.Number, code):
		return presage.ErrInvalid
	case matches(a.OptedOut, code):
		return contact.ErrOptedOut
	case status/100 == 2, code != "" && status/100 == 4 && status != http.StatusTooManyRequests:
		return errUnclear
	}
	return kind(status)
}

func matches(codes []string, code string) bool {
	return code != "" && slices.ContainsFunc(codes, func(want string) bool {
		begin, open := strings.CutSuffix(want, "*")
		return want == code || open && strings.HasPrefix(code, begin)
	})
}

// first is the text or number at the first of the paths that is there.
func first(document any, paths []string) string {
	for _, path := range paths {
		at := document
		for name := range strings.SplitSeq(path, ".") {
			at = child(at, name)
		}
		switch x := at.(type) {
		case string:
			if x != "" {
				return x
			}
		case float64:
			return strconv.FormatFloat(x, 'f', -1, 64)
		}
	}
	return ""
}

func child(at any, name string) any {
	switch x := at.(type) {
	case map[string]any:
		return x[name]
	case []any:
		if i, err := strconv.Atoi(name); err == nil && i >= 0 && i < len(x) {
			return x[i]
		}
	}
	return nil
}
