#!/usr/bin/env bash
source "$(dirname "$0")/../workspace.sh"
workspace empty
cat >refunds.yaml <<'YAML'
asyncapi: 2.6.0
info:
  title: Refunds
  version: 1.0.0
channels:
  refunds.paid.v1:
    subscribe:
      operationId: sendRefundPaid
      message:
        name: RefundPaid # told once the money has left
        payload:
          type: object
          required: [refund_id]
          properties:
            refund_id: { type: string, format: uuid }
YAML
