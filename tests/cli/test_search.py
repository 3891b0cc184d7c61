def test_explain_shows_how_the_question_was_understood(zhinan):
    result = zhinan("search", "--explain", "老人高雪压首选什么药", "-k", "1")
    assert result.returncode == 0
    assert "高雪压 → 高血压 0.90" in result.stdout
    assert "方面：药物治疗；人群：老年" in result.stdout
