package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"presage"
	"presage/api/problem"
)

// Policy keeps what operators decide about outreach; see rest.Policy.
type Policy interface {
	InForce(ctx context.Context) (presage.Policy, error)
	Policy(ctx context.Context, version int64) (presage.Policy, error)
	Policies(ctx context.Context, before int64, limit int) ([]presage.Policy, error)
	Put(ctx context.Context, p presage.Policy) (presage.Policy, error)
	// Text is the document as a person edits it.
	Text(p presage.Policy) (string, error)
}

const (
	policyPath = "/outreach/policy"
	policyRows = 20
	// maxPolicyForm holds the longest document with each of its bytes escaped.
	maxPolicyForm = 3*(256<<10) + maxForm
)

// policyForm is what was typed, and what is wrong with it.
type policyForm struct {
	Seen       int64 // the version that its author looked at
	Text, Note string
	Signer     signer
	Faults     []policyFault
	Overtaken  bool // another version was put meanwhile
}

// policyFault is a fault with the field's name in words, where it has one.
type policyFault struct {
	problem.Fault

	Label string
}

// policyRow is a version and how it differs from the one before it.
type policyRow struct {
	presage.Policy

	Changes []policyChange
}

type policyBody struct {
	Shown   presage.Policy // the one in force, or the one that was asked for
	InForce int64
	Groups  []policyGroup
	Rows    []policyRow
	Next    int64 // older versions are below it, 0 for no more
	Form    policyForm
}

func policyPage(r *request) error {
	last, err := r.site.Policy.InForce(r.Request.Context())
	if err != nil {
		return err
	}
	shown := last
	if asked := r.Query("version"); asked != "" {
		if shown, err = r.policyVersion(asked); err != nil {
			return err
		}
	}
	form := policyForm{Seen: last.Version, Signer: r.signer()}
	if form.Text, err = r.site.Policy.Text(shown); err != nil {
		return err
	}
	r.heed()
	return r.policy(http.StatusOK, shown, last.Version, form)
}

func (r *request) policyVersion(text string) (presage.Policy, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return presage.Policy{}, fmt.Errorf("version: %w: %.20q: want a whole number", presage.ErrInvalid, text)
	}
	return r.site.Policy.Policy(r.Request.Context(), n)
}

// policy answers with the page.
func (r *request) policy(status int, shown presage.Policy, inForce int64, form policyForm) error {
	b := policyBody{Shown: shown, InForce: inForce, Form: form}
	var err error
	if b.Groups, err = r.policyGroups(shown.Document); err != nil {
		return err
	}
	if err := r.policyVersions(&b); err != nil {
		return err
	}
	return r.render(status, "policy", "outbox", r.text("policy.title"), b)
}

// policyVersions lists them with what changed between neighbours; the first one
// is held against the configuration.
func (r *request) policyVersions(b *policyBody) error {
	ctx := r.Request.Context()
	before, err := strconv.ParseInt(cmp.Or(r.Query("before"), "0"), 10, 64)
	if err != nil || before < 0 || before == 1 {
		return fmt.Errorf("before: %w", presage.ErrNotFound)
	}
	list, err := r.site.Policy.Policies(ctx, before, policyRows+1)
	if err != nil {
		return err
	}
	if n := len(list); n > 0 && n <= policyRows {
		configured, err := r.site.Policy.Policy(ctx, 0)
		if err != nil {
			return err
		}
		list = append(list, configured)
	}
	for i := 0; i+1 < len(list); i++ {
		changes, err := r.policyChanges(list[i+1].Document, list[i].Document)
		if err != nil {
			return err
		}
		b.Rows = append(b.Rows, policyRow{list[i], changes})
	}
	if n := len(b.Rows); n > 0 && b.Rows[n-1].Version > 1 {
		b.Next = b.Rows[n-1].Version
	}
	return nil
}

// putPolicy puts the document that was typed in force.
func putPolicy(r *request) error {
	p, err := r.readPolicy()
	if err != nil {
		return err
	}
	p.Document = []byte(r.PostForm("document"))
	return r.keepPolicy(p, strings.ReplaceAll(string(p.Document), "\r\n", "\n"))
}

// putPolicyBack puts an earlier version in force again, as a new one.
func putPolicyBack(r *request) error {
	p, err := r.readPolicy()
	if err != nil {
		return err
	}
	old, err := r.policyVersion(r.PostForm("version"))
	if err != nil {
		return err
	}
	p.Document = old.Document
	p.Note = cmp.Or(p.Note, r.text("policy.back_note", old.Version))
	text, err := r.site.Policy.Text(old)
	if err != nil {
		return err
	}
	return r.keepPolicy(p, text)
}

// readPolicy reads who puts a policy and why; p.Version is the one they looked at.
func (r *request) readPolicy() (p presage.Policy, err error) {
	if err := r.Request.ParseForm(); err != nil {
		return p, fmt.Errorf("%w form: too long, or not one", presage.ErrInvalid)
	}
	if p.Version, err = r.versionSeen(); err != nil {
		return p, err
	}
	p.PutAt, p.By, p.Note = r.site.Now(), r.posted("by"), r.posted("note")
	return p, nil
}

// versionSeen is the version of a document that the page showed on which it is changed.
func (r *request) versionSeen() (int64, error) {
	version, err := strconv.ParseInt(r.PostForm("seen"), 10, 64)
	if err != nil || version < 0 {
		return 0, fmt.Errorf("seen: %w: want the version that the page showed", presage.ErrInvalid)
	}
	return version, nil
}

// keepPolicy puts p in force. What is wrong with it is shown above what was
// typed, which stays.
func (r *request) keepPolicy(p presage.Policy, text string) error {
	kept, err := p, presage.CheckAuthor(p.By, p.Note)
	if err == nil {
		kept, err = r.site.Policy.Put(r.Request.Context(), p)
	}
	switch {
	case err == nil && kept.Version == p.Version:
		r.remember(p.By)
		return r.redirect(policyPath + "?notice=policy_same")
	case err == nil:
		r.remember(p.By)
		return r.redirect(policyPath + "?notice=policy")
	case !errors.Is(err, presage.ErrInvalid) && !errors.Is(err, presage.ErrConflict):
		return err
	}
	status, detail := problem.Of(err)
	last, errLast := r.site.Policy.InForce(r.Request.Context())
	if errLast != nil {
		return errLast
	}
	form := policyForm{Seen: last.Version, Text: text, Signer: r.signer().or(p.By), Note: p.Note}
	if form.Overtaken = errors.Is(err, presage.ErrConflict); !form.Overtaken {
		form.Seen, form.Faults = p.Version, r.policyFaults(detail)
	}
	r.here = policyPath + "?"
	return r.policy(status, last, last.Version, form)
}

// policyFaults names the fields in words where they have some.
func (r *request) policyFaults(detail string) []policyFault {
	var list []policyFault
	for _, f := range problem.Faults(detail) {
		x := policyFault{Fault: f}
		path, _, _ := strings.Cut(f.Place, "[")
		path = strings.TrimSuffix(strings.TrimSuffix(path, ".minor"), ".currency")
		if label := r.policyLabel(path); label != path {
			x.Label = label
		}
		list = append(list, x)
	}
	return list
}
