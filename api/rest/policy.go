package rest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"presage"
)

func (h *handlers) policyRoutes(a huma.API) {
	const tag = "Policy"
	one := get("get-policy", "/v1/policy", tag, "The policy of outreach that is in force, or an earlier version")
	one.Description = "Version 0 is the one that the configuration makes; it is in force as long as none was put. " +
		"The ETag is what PUT wants as If-Match."
	one.Errors = []int{http.StatusNotFound}
	route(a, h.Logger, one, h.policy)
	route(a, h.Logger, get("list-policies", "/v1/policy/versions", tag, "Every policy that was put, the newest first"),
		h.policies)
	text := &huma.Schema{Type: huma.TypeString}
	put := huma.Operation{
		OperationID: "put-policy", Method: http.MethodPut, Path: "/v1/policy", Tags: []string{tag},
		Summary: "Put a policy: it counts from the next decision on",
		Description: "The body is the whole document in YAML or JSON (docs/operations.md shows one); a field that it " +
			"leaves out is at its default. Unknown fields, values out of range, workshops that are not registered: every " +
			"fault is named, and nothing is applied. What says the same as the policy in force changes nothing.",
		Errors:           []int{http.StatusConflict},
		SkipValidateBody: true, MaxBodyBytes: 256 << 10,
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"application/yaml": {Schema: text, Example: "format: 1\ncap: {offers: 3, within: 30d}\n"},
			typeJSON:           {Schema: &huma.Schema{Type: huma.TypeObject}, Example: map[string]any{"format": 1}},
		}},
	}
	route(a, h.Logger, put, h.putPolicy)
}

type policyInput struct {
	Version int64 `query:"version" minimum:"0" doc:"An earlier one; without it the one in force" example:"3"`
}

type policyOutput struct {
	ETag string `header:"ETag"`
	Body presage.Policy
}

func policyAnswer(p presage.Policy) *policyOutput {
	return &policyOutput{ETag: strconv.Quote(number(p.Version)), Body: p}
}

func (h *handlers) policy(ctx context.Context, in *policyInput) (*policyOutput, error) {
	var (
		p   presage.Policy
		err error
	)
	if in.Version > 0 {
		p, err = h.Policy.Policy(ctx, in.Version)
	} else {
		p, err = h.Policy.InForce(ctx)
	}
	if err != nil {
		return nil, err
	}
	return policyAnswer(p), nil
}

func (h *handlers) policies(ctx context.Context, in *Window) (*body[page[presage.Policy]], error) {
	var before int64
	if in.After != "" {
		n, err := strconv.ParseInt(in.After, 10, 64)
		if err != nil || n < 1 {
			return nil, gone("after", presage.ErrNotFound)
		}
		before = n
	}
	if before == 1 {
		return paged([]presage.Policy{}, in.Limit, nil), nil
	}
	rows, err := h.Policy.Policies(ctx, before, more(in.Limit))
	if err != nil {
		return nil, err
	}
	return paged(rows, in.Limit, func(p presage.Policy) string { return number(p.Version) }), nil
}

type policyPut struct {
	IfMatch string `header:"If-Match" required:"true" doc:"The version that you looked at, as its ETag" example:"\"3\""`
	By      string `query:"by" required:"true" minLength:"1" maxLength:"100" doc:"Who puts it" example:"Zhao Min"`
	Note    string `query:"note" maxLength:"500" doc:"Why" example:"Quiet until nine in winter"`
	RawBody []byte `contentType:"application/yaml"`
}

// matched is the version that If-Match names, as the ETag of GET path gave it.
func matched(ifMatch, path string) (int64, error) {
	version, err := strconv.ParseInt(strings.Trim(strings.TrimPrefix(ifMatch, "W/"), `"`), 10, 64)
	if err != nil || version < 0 {
		return 0, fmt.Errorf("if_match: %w: %.40q: want the ETag of GET %s", presage.ErrInvalid, ifMatch, path)
	}
	return version, nil
}

func (h *handlers) putPolicy(ctx context.Context, in *policyPut) (*policyOutput, error) {
	version, err := matched(in.IfMatch, "/v1/policy")
	p := presage.Policy{
		// The body is in a buffer that the next request gets.
		Version: version, Document: bytes.Clone(in.RawBody), PutAt: h.Now(),
		By: signed(ctx, in.By), Note: strings.TrimSpace(in.Note),
	}
	if err := errors.Join(err, presage.CheckAuthor(p.By, p.Note)); err != nil {
		return nil, err
	}
	if p, err = h.Policy.Put(ctx, p); err != nil {
		return nil, err
	}
	return policyAnswer(p), nil
}
