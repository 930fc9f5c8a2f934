printf %s eyJpZCI6ImV2dF81a1QxZlY4bUxhIiwidHlwZSI6ImxlYWQuc2NvcmVkIiwidGltZXN0YW1wIjoiMjAyNi0wMS0xM1QwMjowNjoxMFoiLCJkYXRhIjp7ImxlYWRJZCI6ImxlYWRfazdacTNWbjUiLCJzY29yZSI6OTEsInByZXZpb3VzU2NvcmUiOjg0LCJyZWFzb25zIjpbInNob3dpbmdfcmVxdWVzdGVkIiwiZW1haWxfb3BlbmVkIl19fQ== | base64 -d | curl --data-binary @- \
  -H 'Host: hooks.example.com' \
  -H 'Content-Type: application/json' \
  -H 'x-realtorbot-signature: 8fc2c8231bda4756d0f1b419e48a53d5d89d0ac410a6d00acf47456f6a1ec4a4' \
  https://hooks.example.com/hooks
